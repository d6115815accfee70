import type { RoleName, Scope } from './permissions.rules';

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

/** A program that has shown an API key. It is nobody in particular: it may do what the key's scopes say. */
export interface KeyPrincipal {
  readonly kind: 'key';
  readonly keyId: string;
  readonly scopes: readonly Scope[];
  /** When what it has shown stops being good, in milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Somebody who has said who they are. */
export type Identified = UserPrincipal | KeyPrincipal;

/** Who calls. Services take the user from here and never from a request. */
export type Principal = Identified | { readonly kind: 'anonymous' };

/** Whose calls are counted together; undefined where nobody has said who they are. */
export const nameOf = (principal: Principal): string | undefined => {
  if (principal.kind === 'user') return principal.userId;
  return principal.kind === 'key' ? `key ${principal.keyId}` : undefined;
};

export const ANONYMOUS: Principal = { kind: 'anonymous' };
