export const ROLES = ['guest', 'user', 'moderator', 'admin'] as const;
export type RoleName = (typeof ROLES)[number];

const everybody = ROLES;
const users = ['user', 'moderator', 'admin'] as const;
const moderators = ['moderator', 'admin'] as const;
const admins = ['admin'] as const;
const keysAlone = [] as const;

/**
 * The one table of rights: which roles of an account have which permission. A guest takes part where they were
 * invited, and neither finds nor makes rooms, nor finds people. What a member may do in a room is decided by their role there
 * (apps/chat).
 */
export const PERMISSIONS = {
  'sessions.own': everybody,
  'users.own': everybody,
  /** Sees the profile of whoever's id they have. */
  'users.read': everybody,
  /** Finds people by their names. */
  'users.find': users,
  /** Sees every account, makes, changes, disables and deletes them. */
  'users.manage': admins,
  /** Makes the users of another product, signs them in and deletes them. No role has it: a person would act as another. */
  'users.provision': keysAlone,
  /** Makes and revokes API keys. */
  'keys.manage': admins,

  'rooms.create': users,
  'rooms.direct': users,
  'rooms.browse': users,
  'rooms.join': users,
  'rooms.read': everybody,
  'rooms.leave': everybody,
  'rooms.change': everybody,
  'members.read': everybody,
  'members.change': everybody,
  /** Acts as a room's moderator in every public room. */
  'rooms.moderate': moderators,
  /** Sees that private rooms exist, and deletes any room that is not a direct one. Does not read in them. */
  'rooms.manage': admins,

  /** Answers who asks them back into a room. */
  'invitations.own': everybody,

  'messages.send': everybody,
  'messages.read': everybody,
} as const satisfies Record<string, readonly RoleName[]>;

export type Permission = keyof typeof PERMISSIONS;

export const isPermission = (name: string): name is Permission => Object.hasOwn(PERMISSIONS, name);

export const mayRole = (role: RoleName, permission: Permission): boolean =>
  (PERMISSIONS[permission] as readonly RoleName[]).includes(role);

/**
 * What an API key may do: the permissions of its scopes and nothing else, and in what it does no role above the highest
 * that one of them names.
 */
export const SCOPES = {
  'users.read': { permissions: ['users.read'], upTo: 'guest' },
  'users.provision': { permissions: ['users.provision'], upTo: 'user' },
  'users.provision.moderators': { permissions: ['users.provision'], upTo: 'moderator' },
  'users.provision.admins': { permissions: ['users.provision'], upTo: 'admin' },
} as const satisfies Record<string, { permissions: readonly Permission[]; upTo: RoleName }>;

export type Scope = keyof typeof SCOPES;

export const isScope = (name: string): name is Scope => Object.hasOwn(SCOPES, name);

export const mayKey = (scopes: readonly Scope[], permission: Permission): boolean =>
  scopes.some((scope) => (SCOPES[scope].permissions as readonly Permission[]).includes(permission));

/** Whether one role may do more than the other. */
export const isAbove = (role: RoleName, other: RoleName): boolean =>
  ROLES.indexOf(role) > ROLES.indexOf(other);

/** Whether a key may do something with an account of this role, or give somebody the role. */
export const reaches = (scopes: readonly Scope[], role: RoleName): boolean =>
  scopes.some((scope) => !isAbove(role, SCOPES[scope].upTo));
