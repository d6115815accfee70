/** Everybody who reacted to a message with the same emoji. */
export interface Reaction {
  emoji: string;
  count: number;
  /** Whether you are one of them. */
  mine: boolean;
  /** At most ten of them, in the order in which they reacted. */
  userIds: string[];
}

/** Somebody reacts to a message, or takes it back. */
export interface ReactionChange {
  readonly emoji: string;
  readonly userId: string;
  readonly on: boolean;
}

/** How many of those who reacted alike are named with a message. */
const NAMED = 10;

/**
 * The reactions of a message after one more change of them. Server and clients count alike, so that who applies a
 * room's entries has what the server has. It is for changes that are some: nobody adds what they have added already.
 * @param me whose own reactions are to be told
 */
export const foldReactions = (
  reactions: readonly Reaction[],
  { emoji, userId, on }: ReactionChange,
  me?: string,
): Reaction[] => {
  const mine = userId === me;
  const known = reactions.some((reaction) => reaction.emoji === emoji);
  if (!known) return on ? [...reactions, { emoji, count: 1, mine, userIds: [userId] }] : [...reactions];
  return reactions
    .map((reaction) => {
      if (reaction.emoji !== emoji) return reaction;
      const others = reaction.userIds.filter((id) => id !== userId);
      return {
        emoji,
        count: reaction.count + (on ? 1 : -1),
        mine: mine ? on : reaction.mine,
        userIds: on ? [...others, userId].slice(0, NAMED) : others,
      };
    })
    .filter(({ count }) => count > 0);
};
