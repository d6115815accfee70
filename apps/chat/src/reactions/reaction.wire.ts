import type { EntryBody } from '../log/log.service';

/** The entry that tells of a reaction, or that it was taken back. */
export const reactionChanged = (target: number, emoji: string, on: boolean): EntryBody => ({
  $case: on ? 'reactionAdded' : 'reactionRemoved',
  value: { target, emoji },
});
