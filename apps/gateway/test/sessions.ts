import type { UserPrincipal } from '@veche/access';
import { AppError } from '@veche/errors';
import { Authenticator, type Held } from '@veche/rpc';
import { v7 as uuid } from 'uuid';

/** Stands in for auth: tokens that a test has given out, and sessions that it may end. */
export class Sessions extends Authenticator {
  failure?: AppError;
  private readonly principals = new Map<string, UserPrincipal>();
  private readonly held = new Map<Held, NodeJS.Timeout>();

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
    for (const held of [...this.held.keys()])
      if (held.principal.sessionId === sessionId) held.end(new AppError('session_ended', { detail: reason }));
  }

  get holders(): number {
    return this.held.size;
  }

  async authenticate(token: string): Promise<UserPrincipal> {
    if (this.failure) throw this.failure;
    return this.find(token);
  }

  override hold(held: Held): void {
    const left = held.principal.expiresAt - Date.now();
    if (left <= 0) return held.end(new AppError('token_expired'));
    // by then it may be held with a fresh token
    this.held.set(
      held,
      setTimeout(() => this.hold(held), left),
    );
  }

  override release(held: Held): void {
    clearTimeout(this.held.get(held));
    this.held.delete(held);
  }
}
