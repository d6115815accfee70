export { Access, accessOf, type AccessRule } from './access.decorator';
export { decide } from './decide.rules';
export {
  isPermission,
  mayRole,
  PERMISSIONS,
  ROLES,
  type Permission,
  type RoleName,
} from './permissions.rules';
export { ANONYMOUS, type Principal, type UserPrincipal } from './principal.rules';
