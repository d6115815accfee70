import { mayRole, type Permission } from './permissions.rules';
import type { Principal } from './principal.rules';

/**
 * Whether a caller passes a declaration. `public` lets everybody in, `service` only holders of the service
 * credential, a permission everybody whose role has it.
 */
export const decide = (
  access: 'public' | 'service' | Permission,
  caller: { principal: Principal; fromService: boolean },
): 'allowed' | 'unauthenticated' | 'forbidden' => {
  if (access === 'public') return 'allowed';
  if (access === 'service') return caller.fromService ? 'allowed' : 'forbidden';
  if (caller.principal.kind === 'anonymous') return 'unauthenticated';
  return mayRole(caller.principal.role, access) ? 'allowed' : 'forbidden';
};
