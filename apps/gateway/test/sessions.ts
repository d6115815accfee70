import type { UserPrincipal } from '@veche/access';
import { AppError } from '@veche/errors';
import { Authenticator } from '@veche/rpc';
import { Observable, type Subscriber } from 'rxjs';
import { v7 as uuid } from 'uuid';

/** Stands in for auth: tokens that a test has given out, and sessions that it may end. */
export class Sessions extends Authenticator {
  failure?: AppError;
  private readonly principals = new Map<string, UserPrincipal>();
  private readonly held = new Map<UserPrincipal, Set<Subscriber<never>>>();

  /** A token for a new session, or a further one for a session. */
  token(userId: string, given: Partial<UserPrincipal> = {}): string {
    const token = `token-${uuid()}`;
    const expiresAt = Date.now() + 60_000;
    const principal = { sessionId: uuid(), role: 'user', appId: 'veche', expiresAt, ...given } as const;
    this.principals.set(token, { kind: 'user', userId, ...principal });
    return token;
  }

  find(token: string | undefined): UserPrincipal {
    const principal = this.principals.get(token ?? '');
    if (!principal) throw new AppError('invalid_token');
    if (principal.expiresAt <= Date.now()) throw new AppError('token_expired');
    return principal;
  }

  end(token: string, reason: string): void {
    const { sessionId } = this.find(token);
    for (const [key, p] of this.principals) if (p.sessionId === sessionId) this.principals.delete(key);
    for (const [p, holders] of this.held)
      if (p.sessionId === sessionId)
        for (const holder of [...holders]) holder.error(new AppError('session_ended', { detail: reason }));
  }

  get holders(): number {
    return [...this.held.values()].reduce((sum, holders) => sum + holders.size, 0);
  }

  async authenticate(token: string): Promise<UserPrincipal> {
    if (this.failure) throw this.failure;
    return this.find(token);
  }

  override whileValid(principal: UserPrincipal): Observable<never> {
    return new Observable((holder) => {
      const holders = this.held.get(principal) ?? new Set();
      this.held.set(principal, holders.add(holder));
      const expire = (): void => holder.error(new AppError('token_expired'));
      const alarm = setTimeout(expire, principal.expiresAt - Date.now());
      holder.add(() => clearTimeout(alarm));
      holder.add(() => holders.delete(holder));
    });
  }
}
