/** What the secret of a key that somebody shows is to it. */
export interface KeyState {
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly previousUntil: Date | null;
}

/**
 * Until when a secret is good, null: without end; undefined where it is good no more.
 * @param isPrevious whether it is the one before the key's present one
 */
export const goodUntil = (key: KeyState, isPrevious: boolean, now: Date): Date | null | undefined => {
  if (key.revokedAt) return undefined;
  const ends = [key.expiresAt, isPrevious ? (key.previousUntil ?? now) : null].filter((end) => end !== null);
  if (ends.some((end) => end <= now)) return undefined;
  return ends.reduce<Date | null>((first, end) => (first && first < end ? first : end), null);
};

const HOUR_MS = 3_600_000;

/** Whether a use is worth a write: when a key was last used is known to about an hour. */
export const isWorthNoting = (lastUsedAt: Date | null, now: Date): boolean =>
  lastUsedAt === null || now.getTime() - lastUsedAt.getTime() >= HOUR_MS;
