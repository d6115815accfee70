import { type ListUsersResponse, type Profile, roleText, type User } from '@veche/contracts';
import { isoTime } from '../../iso-time';
import type { ProfileDto, ProfilesDto, UserDto } from './users.dto';

type Common = Omit<Profile, 'nameShared' | 'deactivated'>;

const toJson = (user: Common | undefined): Omit<UserDto, 'email'> => {
  const role = user && roleText.word(user.role);
  if (!role) throw new Error('a user came without their role');
  const { id, username, displayName, bio, createdAt } = user;
  return { id, username, displayName, bio, role, createdAt: isoTime(createdAt) };
};

export const profileToJson = (profile: Profile | undefined): ProfileDto => ({
  ...toJson(profile),
  nameShared: profile?.nameShared ? true : undefined,
  deactivated: profile?.deactivated ? true : undefined,
});

export const userToJson = (user: User | undefined): UserDto => ({
  ...toJson(user),
  email: user?.email ?? '',
});

export const profilesToJson = ({ profiles, nextCursor }: ListUsersResponse): ProfilesDto => ({
  items: profiles.map(profileToJson),
  nextCursor,
});
