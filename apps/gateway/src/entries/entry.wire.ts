import { type Entry, roomRoleText } from '@veche/contracts';
import type * as json from '@veche/protocol';
import { isoTime } from '../iso-time';

/** An entry as the JSON doors show it: REST and Socket.IO alike. What is undefined, JSON leaves out. */
export const entryToJson = ({ roomId, seq, actorId, at, body }: Entry): json.Entry => ({
  roomId,
  seq,
  actorId,
  at: isoTime(at),
  ...bodyToJson(body),
});

/** The entry of a message, where nothing else may come. */
export const messageToJson = (entry: Entry | undefined): json.MessageCreated => {
  const message = entry && entryToJson(entry);
  if (message?.type !== 'message.created') throw new Error('an answer came without its message');
  return message;
};

type Body<E> = E extends json.Entry ? Omit<E, keyof json.EntryHead> : never;

/** chat may be newer than this gateway: the number is told, so that nobody sees a gap */
const UNKNOWN = { type: 'unknown' } as const;

const bodyToJson = (body: Entry['body']): Body<json.Entry> => {
  switch (body?.$case) {
    case 'messageCreated': {
      const { id, text, clientId, replyTo, deletedAt } = body.value;
      const deleted = deletedAt && isoTime(deletedAt);
      return { type: 'message.created', id, text, clientId, replyTo, deletedAt: deleted };
    }
    case 'roomCreated':
      return { type: 'room.created' };
    case 'roomUpdated':
      return { type: 'room.updated', name: body.value.name, topic: body.value.topic };
    case 'memberJoined':
      return { type: 'member.joined', userId: body.value.userId };
    case 'memberLeft':
      return { type: 'member.left', userId: body.value.userId };
    case 'memberRemoved':
      return { type: 'member.removed', userId: body.value.userId };
    case 'memberRole': {
      const role = roomRoleText.word(body.value.role);
      return role ? { type: 'member.role', userId: body.value.userId, role } : UNKNOWN;
    }
    case 'messagesDeleted':
      return { type: 'messages.deleted', userId: body.value.userId };
    case undefined:
      return UNKNOWN;
  }
};
