import type { UserPrincipal } from '@veche/access';
import type { Observable } from 'rxjs';

/** Turns an access token into whoever is behind it. Implemented by libs/tokens. */
export abstract class Authenticator {
  /**
   * @throws AppError `invalid_token`, `token_expired` or `session_ended`; `unavailable` when a token that was
   *   never seen here cannot be checked with auth.
   */
  abstract authenticate(token: string): Promise<UserPrincipal>;

  /** Errors with `session_ended` or `token_expired` once the principal may no longer hold a stream open. */
  abstract whileValid(principal: UserPrincipal): Observable<never>;
}
