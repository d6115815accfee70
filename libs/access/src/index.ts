export { Access, accessOf, type AccessRule } from './access.decorator';
export { decide, may } from './decide.rules';
export {
  isAbove,
  isPermission,
  isScope,
  mayKey,
  mayRole,
  PERMISSIONS,
  reaches,
  ROLES,
  SCOPES,
  type Permission,
  type RoleName,
  type Scope,
} from './permissions.rules';
export {
  ANONYMOUS,
  type Identified,
  type KeyPrincipal,
  nameOf,
  type Principal,
  type UserPrincipal,
} from './principal.rules';
