/** Why a session ended, as people and programs are told. */
export type EndReason =
  | 'logout'
  | 'ended'
  | 'password_changed'
  | 'token_reused'
  | 'expired'
  | 'account_disabled'
  | 'account_deleted';

/** How long a refresh token still renews after it was retired, whoever shows it: two tabs at once, a quick retry. */
export const GRACE_MS = 10_000;

export interface SessionState {
  readonly expiresAt: Date;
  readonly endedAt: Date | null;
}

/** Whether a session lives at a moment; a session that nobody has marked as expired has expired all the same. */
export const isAlive = (session: SessionState, now: Date): boolean =>
  session.endedAt === null && session.expiresAt > now;

/** What is known of a refresh token that is shown. */
export interface Shown {
  readonly retiredAt: Date | null;
  /** Whether one that it was exchanged for waits for its first use. */
  readonly hasUnusedHeir: boolean;
}

export type Renewal = 'rotate' | 'again' | 'reused' | 'expired' | 'ended';

/**
 * What follows from showing a refresh token.
 *
 * `rotate`: its first use. It is retired, with every other token of the session that is not: those were handed
 * out in the same grace, and one holder alone goes on. `again`: a second use within the grace, or of who never got
 * the answer to the first; it gets a token of its own. `reused`: somebody holds a token that its owner has long
 * exchanged, so one of the two has stolen it.
 * @param unanswered whether who shows the token says that no answer to its first use is known. A thief may say so,
 * too, but then two hold unused tokens, and who uses theirs second is found out.
 */
export const renewal = (session: SessionState, token: Shown, unanswered: boolean, now: Date): Renewal => {
  if (session.endedAt) return 'ended';
  if (session.expiresAt <= now) return 'expired';
  if (!token.retiredAt) return 'rotate';
  const isInGrace = now.getTime() - token.retiredAt.getTime() <= GRACE_MS;
  return isInGrace || (unanswered && token.hasUnusedHeir) ? 'again' : 'reused';
};
