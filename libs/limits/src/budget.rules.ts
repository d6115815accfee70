/** So many tries at once, and one more each so many milliseconds. */
export interface Budget {
  readonly tries: number;
  readonly everyMs: number;
}

/**
 * What is spent of a budget: the time at which all of it will be there again (the generic cell rate algorithm of ITU-T
 * I.371: one number, and exact for any time in between). 0 where nothing is.
 */
export type Spent = number;

/** One try more, or how long to wait for it. */
export const spend = (
  { tries, everyMs }: Budget,
  spent: Spent,
  now: number,
): { readonly spent: Spent; readonly waitMs: 0 } | { readonly waitMs: number } => {
  const next = Math.max(spent, now) + everyMs;
  const waitMs = next - now - tries * everyMs;
  return waitMs > 0 ? { waitMs } : { spent: next, waitMs: 0 };
};

/** A try that was not to be counted after all. */
export const giveBack = ({ everyMs }: Budget, spent: Spent): Spent => Math.max(0, spent - everyMs);
