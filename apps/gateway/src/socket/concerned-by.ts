import { type Entry, type Mention, MentionKind } from '@veche/contracts';

/**
 * Who is told of an entry of a large room without looking at it: who has caused it, whom it is about and whom it calls,
 * by their ids; or everybody.
 */
export const concernedBy = ({ actorId, body }: Entry): ReadonlySet<string> | 'everybody' => {
  switch (body?.$case) {
    case 'messageCreated':
    case 'messageEdited':
      return calledBy(actorId, body.value.mentions);
    case 'memberJoined':
    case 'memberLeft':
    case 'memberRemoved':
    case 'memberRole':
      return new Set([actorId, body.value.userId]);
    default:
      return new Set([actorId]);
  }
};

const calledBy = (actorId: string, mentions: readonly Mention[]): ReadonlySet<string> | 'everybody' =>
  mentions.some(({ kind }) => kind === MentionKind.ROOM || kind === MentionKind.HERE)
    ? 'everybody'
    : new Set([
        actorId,
        ...mentions.flatMap(({ kind, id }) => (kind === MentionKind.USER && id !== undefined ? [id] : [])),
      ]);
