import { type ListUsersResponse, type Profile, roleText, type User } from '@veche/contracts';
import { isoTime } from '../../iso-time';
import type { ProfileDto, ProfilesDto, UserDto } from './users.dto';

export const profileToJson = (profile: Profile | undefined): ProfileDto => {
  const role = profile && roleText.word(profile.role);
  if (!role) throw new Error('a user came without their role');
  const { id, username, displayName, bio, createdAt } = profile;
  return { id, username, displayName, bio, role, createdAt: isoTime(createdAt) };
};

export const userToJson = (user: User | undefined): UserDto => ({
  ...profileToJson(user),
  email: user?.email ?? '',
});

export const profilesToJson = ({ profiles, nextCursor }: ListUsersResponse): ProfilesDto => ({
  items: profiles.map(profileToJson),
  nextCursor,
});
