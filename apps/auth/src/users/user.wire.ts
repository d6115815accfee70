import { type Profile, roleText, type User } from '@veche/contracts';
import type { UserEntity } from './user.entity';

export type ProfileRow = Pick<
  UserEntity,
  'id' | 'username' | 'displayName' | 'bio' | 'role' | 'createdAt'
> & {
  disabled: boolean;
};
export type UserRow = ProfileRow & Pick<UserEntity, 'email'>;

export const toProfile = (row: ProfileRow): Profile => ({
  id: row.id,
  username: row.username,
  displayName: row.displayName,
  bio: row.bio,
  role: roleText.value(row.role),
  createdAt: row.createdAt,
});

export const toUser = (row: UserRow): User => ({ ...toProfile(row), email: row.email });
