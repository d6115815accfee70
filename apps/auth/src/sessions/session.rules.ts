/** Why a session ended, as people and programs are told. */
export type EndReason =
  | 'logout'
  | 'ended'
  | 'password_changed'
  | 'token_reused'
  | 'expired'
  | 'account_disabled'
  | 'account_deleted';

/** How long a refresh token still renews after it was used, whoever shows it: two tabs at once, a quick retry. */
export const GRACE_MS = 10_000;
/** Tabs that wake up together ask within this time; who asks later, and nothing has arrived, has lost an answer. */
export const TOGETHER_MS = 1_000;

export interface SessionState {
  readonly expiresAt: Date;
  readonly endedAt: Date | null;
}

/** Whether a session lives at a moment; a session that nobody has marked as expired has expired all the same. */
export const isAlive = (session: SessionState, now: Date): boolean =>
  session.endedAt === null && session.expiresAt > now;

/** Where a session's line of refresh tokens stands. */
export interface LineState {
  /** Whether a key of its device has to prove who asks; here it has. */
  readonly isBound: boolean;
  /** Whether the current token is known to have arrived, because an access token that came with it was used. */
  readonly isAnswered: boolean;
}

/**
 * Which token of its line is shown: the current one; one that was used (the last one before the current, or one of
 * those that were used within the grace); or one that is `older`.
 */
export type Shown = 'current' | { readonly usedAt: number; readonly isLast: boolean } | 'older';

export type Renewal = 'advance' | 'again' | 'late' | 'reused' | 'expired' | 'ended';

/**
 * What follows from showing a refresh token.
 *
 * `advance`: the first use of the current one, which gets its successor. `again`: the current one is handed out once
 * more, because the device proves that it asks, or because the question is repeated within the grace. `late`: the same
 * where no answer is known to have arrived, however late: the access tokens of the answers before are void from now on,
 * so that who got them in secret cannot use them, and the grace begins anew, for the other tabs that lost it too. `reused`: somebody holds a token whose successor has arrived
 * elsewhere, so one of the two has stolen it.
 */
export const renewal = (session: SessionState, line: LineState, shown: Shown, now: Date): Renewal => {
  if (session.endedAt) return 'ended';
  if (session.expiresAt <= now) return 'expired';
  if (shown === 'current') return 'advance';
  if (line.isBound) return 'again';
  if (shown === 'older') return 'reused';
  const ageMs = now.getTime() - shown.usedAt;
  if (shown.isLast && !line.isAnswered && ageMs > TOGETHER_MS) return 'late';
  return ageMs <= GRACE_MS ? 'again' : 'reused';
};

const HOUR_MS = 3_600_000;

/**
 * When a session was last seen, as it is told: by the hour, and whatever is less than an hour ago as this hour. Who
 * watches it learns nothing of the moment at which a session in use is renewed.
 */
export const seenAbout = (lastSeenAt: Date, now: Date): Date => {
  const told = now.getTime() - lastSeenAt.getTime() < HOUR_MS ? now : lastSeenAt;
  return new Date(Math.floor(told.getTime() / HOUR_MS) * HOUR_MS);
};
