import type { Identified, UserPrincipal } from '@veche/access';
import { AppError } from '@veche/errors';

/** What somebody holds open, a connection or a stream. */
export interface Held {
  readonly principal: UserPrincipal;
  /** Ends it. */
  end(error: AppError): void;
}

/** Turns an access token, or the secret of an API key, into whoever is behind it. Implemented by libs/tokens. */
export abstract class Authenticator {
  /**
   * @throws AppError `invalid_token`, `token_expired` or `session_ended`; `unavailable` when a token that was
   *   never seen here cannot be checked with auth.
   */
  abstract authenticate(token: string): Promise<Identified>;

  /**
   * For what people alone do, as connecting is.
   * @throws AppError what {@link authenticate} throws, and `forbidden` for an API key
   */
  async authenticateUser(token: string): Promise<UserPrincipal> {
    const principal = await this.authenticate(token);
    if (principal.kind === 'user') return principal;
    throw new AppError('forbidden', { detail: 'An API key is no user: issue a token for one' });
  }

  /**
   * Ends what is held with `session_ended`, or with `token_expired` within a second of it, once its principal may no
   * longer hold it: at once where that is so already.
   */
  abstract hold(held: Held): void;

  /** It was ended, by whomever. */
  abstract release(held: Held): void;
}
