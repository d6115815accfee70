import { mayKey, mayRole, type Permission } from './permissions.rules';
import type { Identified, Principal } from './principal.rules';

/**
 * Whether a caller passes a declaration. `public` lets everybody in, `service` only holders of the service
 * credential, a permission everybody whose role, or whose key's scopes, have it.
 */
export const decide = (
  access: 'public' | 'service' | Permission,
  caller: { principal: Principal; fromService: boolean },
): 'allowed' | 'unauthenticated' | 'forbidden' => {
  if (access === 'public') return 'allowed';
  if (access === 'service') return caller.fromService ? 'allowed' : 'forbidden';
  if (caller.principal.kind === 'anonymous') return 'unauthenticated';
  return may(caller.principal, access) ? 'allowed' : 'forbidden';
};

/** Whether somebody's role, or their key's scopes, have a permission. */
export const may = (principal: Identified, permission: Permission): boolean =>
  principal.kind === 'key' ? mayKey(principal.scopes, permission) : mayRole(principal.role, permission);
