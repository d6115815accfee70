export const ROLES = ['guest', 'user', 'moderator', 'admin'] as const;
export type RoleName = (typeof ROLES)[number];

const everybody = ROLES;
const users = ['user', 'moderator', 'admin'] as const;
const moderators = ['moderator', 'admin'] as const;
const admins = ['admin'] as const;

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

  'messages.send': everybody,
  'messages.read': everybody,
} as const satisfies Record<string, readonly RoleName[]>;

export type Permission = keyof typeof PERMISSIONS;

export const isPermission = (name: string): name is Permission => Object.hasOwn(PERMISSIONS, name);

export const mayRole = (role: RoleName, permission: Permission): boolean =>
  (PERMISSIONS[permission] as readonly RoleName[]).includes(role);
