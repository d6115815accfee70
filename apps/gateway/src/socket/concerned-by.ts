import { type Entry, type Mention, MentionKind } from '@veche/contracts';

/**
 * Who is told of an entry of a large room without looking at it: who has caused it, whom it is about, whom it calls and in
 * whose thread it is, by their ids; or everybody.
 */
export const concernedBy = ({ actorId, body }: Entry): ReadonlySet<string> | 'everybody' => {
  switch (body?.$case) {
    case 'messageCreated':
      return calledBy(body.value.mentions, actorId, body.value.threadAuthorId);
    case 'messageEdited':
      return calledBy(body.value.mentions, actorId);
    case 'memberJoined':
    case 'memberLeft':
    case 'memberRemoved':
    case 'memberRole':
      return new Set([actorId, body.value.userId]);
    default:
      return new Set([actorId]);
  }
};

const calledBy = (
  mentions: readonly Mention[],
  actorId: string,
  answered = actorId,
): ReadonlySet<string> | 'everybody' =>
  mentions.some(({ kind }) => kind === MentionKind.ROOM || kind === MentionKind.HERE)
    ? 'everybody'
    : new Set([
        actorId,
        answered,
        ...mentions.flatMap(({ kind, id }) => (kind === MentionKind.USER && id !== undefined ? [id] : [])),
      ]);
