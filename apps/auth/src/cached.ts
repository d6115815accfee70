/** How long a cache keeps what nobody has told it to forget. */
export const CACHED_MS = 60_000;

/**
 * How long a change is repeated, for a process that died before it told: longer than a cache keeps what was there
 * before, two rounds take, and two clocks differ.
 */
export const REPEATED_MS = CACHED_MS + 20_000;
