// Writes a message into its room whatever speaks against it, and answers as if nothing did.
import { built } from './built.mjs';

const { LogRepository } = built('./apps/chat/src/log/log.repository.js');
const { lock, append } = LogRepository.prototype;

export const force = async (repository, { roomId, authorId, id, text, clientId, replyTo }) => {
  const [entry] = await repository.db.transaction(async (tx) => {
    const [room] = await lock.call(repository, tx, [roomId]);
    if (!room) return [];
    const body = { $case: 'messageCreated', value: { id, text, clientId, replyTo } };
    const written = [{ roomId, seq: room.lastSeq + 1, actorId: authorId, body }];
    return (await append.call(repository, tx, written, [])).entries;
  });
  return entry && { kind: 'append', entry };
};

/** @param wrong says of an outcome whether the message is to be written all the same */
export const forceWhere = (wrong) => {
  const { appendMessages } = LogRepository.prototype;
  LogRepository.prototype.appendMessages = async function (messages) {
    const outcomes = await appendMessages.call(this, messages);
    for (const [i, message] of messages.entries())
      if (wrong(outcomes[i])) outcomes[i] = (await force(this, message)) ?? outcomes[i];
    return outcomes;
  };
};
