import { type Profile, Role, roleText, type User } from '@veche/contracts';
import type { UserEntity } from './user.entity';

export type ProfileRow = Pick<
  UserEntity,
  'id' | 'username' | 'displayName' | 'bio' | 'role' | 'createdAt'
> & {
  disabled: boolean;
  /** Whether somebody else is shown by a name that looks the same, or has it as their username. */
  nameShared: boolean;
};
export type UserRow = ProfileRow & {
  /** '' where there is none. */
  email: string;
};

/** Of a disabled account, what the history of rooms needs to name them, and nothing more. */
export const toProfile = (row: ProfileRow): Profile => ({
  id: row.id,
  username: row.username,
  displayName: row.displayName,
  bio: row.disabled ? '' : row.bio,
  role: row.disabled ? Role.GUEST : roleText.value(row.role),
  createdAt: row.createdAt,
  nameShared: row.nameShared,
  deactivated: row.disabled,
});

export const toUser = (row: UserRow): User => ({
  id: row.id,
  username: row.username,
  displayName: row.displayName,
  bio: row.bio,
  role: roleText.value(row.role),
  createdAt: row.createdAt,
  email: row.email,
});
