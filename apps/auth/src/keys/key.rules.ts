/** A verifier elsewhere may have a clock that is off, and a token may be signed in the moment in which another key takes over. */
export const SKEW_MS = 60_000;

/** A key by when it takes over signing. In milliseconds since 1970; 0 where nobody said when. */
export interface Dated {
  readonly signsFrom: number;
}

/** Which of them signs now: the last to have taken over, and of several the first in the file. Undefined of none. */
export const signing = <K extends Dated>(keys: readonly K[], now: number): K | undefined => {
  const [first, ...others] = keys.filter(({ signsFrom }) => signsFrom <= now);
  if (first) return others.reduce((last, key) => (key.signsFrom > last.signsFrom ? key : last), first);
  // a clock that is far behind must not leave a server without a key
  return [...keys].sort((a, b) => a.signsFrom - b.signsFrom)[0];
};

/** Until when a key's tokens are accepted: the last one that it can have signed has expired by then. */
export const acceptedUntil = (key: Dated, keys: readonly Dated[], lifetimeMs: number): number => {
  const later = keys.filter(({ signsFrom }) => signsFrom > key.signsFrom).map(({ signsFrom }) => signsFrom);
  return later.length === 0 ? Infinity : Math.min(...later) + lifetimeMs + SKEW_MS;
};

/** Those whose tokens are accepted now, or will be. */
export const accepted = <K extends Dated>(
  keys: readonly K[],
  now: number,
  lifetimeMs: number,
): readonly K[] => keys.filter((key) => now < acceptedUntil(key, keys, lifetimeMs));
