import type { UserPrincipal } from '@veche/access';
import type { AppError } from '@veche/errors';

/** What somebody holds open, a connection or a stream. */
export interface Held {
  readonly principal: UserPrincipal;
  /** Ends it. */
  end(error: AppError): void;
}

/** Turns an access token into whoever is behind it. Implemented by libs/tokens. */
export abstract class Authenticator {
  /**
   * @throws AppError `invalid_token`, `token_expired` or `session_ended`; `unavailable` when a token that was
   *   never seen here cannot be checked with auth.
   */
  abstract authenticate(token: string): Promise<UserPrincipal>;

  /**
   * Ends what is held with `session_ended`, or with `token_expired` within a second of it, once its principal may no
   * longer hold it: at once where that is so already.
   */
  abstract hold(held: Held): void;

  /** It was ended, by whomever. */
  abstract release(held: Held): void;
}
