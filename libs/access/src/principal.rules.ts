import type { RoleName } from './permissions.rules';

/** Somebody whose access token was verified and whose session is alive. */
export interface UserPrincipal {
  readonly kind: 'user';
  readonly userId: string;
  readonly sessionId: string;
  readonly role: RoleName;
  readonly appId: string;
  /** When the access token expires, in milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Who calls. Services take the user from here and never from a request. */
export type Principal = UserPrincipal | { readonly kind: 'anonymous' };

export const ANONYMOUS: Principal = { kind: 'anonymous' };
