import { OmitType } from '@nestjs/swagger';
import { ListUsersDto, Optional, Usernames } from '@veche/dto';
import type { Profile, User } from '@veche/protocol';
import { ArrayMaxSize, IsUUID } from 'class-validator';
import { Lists, Numbers } from '../requests/query';

/** One of `ids`, `usernames` and `search`. */
@Numbers('limit')
@Lists('ids', 'usernames')
export class ListUsersQuery extends OmitType(ListUsersDto, ['ids', 'usernames'] as const) {
  /** At most 100, with commas between them or the parameter repeated. */
  @Optional() @ArrayMaxSize(100) @IsUUID(undefined, { each: true }) ids?: string[];
  /** At most 100, with commas between them or the parameter repeated. */
  @Optional() @ArrayMaxSize(100) @Usernames() usernames?: string[];
}

class CommonDto {
  /** @example "01890a5d-ac96-774b-bcce-b302099a8051" */
  id!: string;
  /** @example "olga" */
  username!: string;
  /** @example "Olga K." */
  displayName!: string;
  /** @example "Keeps the lights on" */
  bio!: string;
  role!: 'guest' | 'user' | 'moderator' | 'admin';
  /** @example "2026-01-02T03:04:05.678Z" */
  createdAt!: string;
}

/** A user as others see them. */
export class ProfileDto extends CommonDto implements Profile {
  /** Somebody else is shown by a name that looks the same: show the username beside it. */
  nameShared?: boolean;
  /** The account is disabled; then this is for history, with no bio and the least of roles. */
  deactivated?: boolean;
}

/** A user as they see themselves. */
export class UserDto extends CommonDto implements User {
  /** @example "olga@example.org" */
  email!: string;
}

export class ProfilesDto {
  items!: ProfileDto[];
  /** For search: give it as `cursor` to get the next page. */
  nextCursor?: string;
}
