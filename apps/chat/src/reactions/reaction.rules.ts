import { judge, type Refusal, type Standing } from '../members/member.rules';

/** What decides over a reaction to a message that is there. */
export interface ReactedTo {
  readonly isDeleted: boolean;
  /** What it was reacted to with. */
  readonly emoji: readonly string[];
  /** What of this the caller did. */
  readonly own: readonly string[];
}

/** Different emoji on a message, and of one user on a message: what fits below it, and what is more than a joke. */
export const MOST_EMOJI = 50;
export const MOST_OWN_EMOJI = 20;

export type Verdict = 'changes' | 'is_so_already' | Refusal | 'message_not_found' | 'too_many_reactions';

/** Members react, to what is there. Who asks for what is so already is told that it is: their first answer was lost. */
export const judgeReaction = (
  message: ReactedTo | undefined,
  { emoji, on }: { readonly emoji: string; readonly on: boolean },
  standing: Standing,
): Verdict => {
  const takesPart = judge('write', standing);
  if (takesPart !== 'allowed') return takesPart;
  if (!message || (message.isDeleted && on)) return 'message_not_found';
  if (message.own.includes(emoji) === on) return 'is_so_already';
  const isNew = !message.emoji.includes(emoji);
  const isTooMuch = (isNew && message.emoji.length >= MOST_EMOJI) || message.own.length >= MOST_OWN_EMOJI;
  return on && isTooMuch ? 'too_many_reactions' : 'changes';
};
