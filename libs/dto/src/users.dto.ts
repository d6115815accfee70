import {
  type CreateUserRequest,
  type DeleteOwnUserRequest,
  type DeleteUserRequest,
  type GetOwnUserRequest,
  type GetUserRequest,
  type ListAccountsRequest,
  type ListUsersRequest,
  type ResolveUsernamesRequest,
  Role,
  roleText,
  type UpdateOwnUserRequest,
  type UpdateUserRequest,
} from '@veche/contracts';
import { ArrayMaxSize, IsBoolean, IsIn, IsUUID } from 'class-validator';
import {
  Cursor,
  DisplayName,
  Email,
  Id,
  Limit,
  Optional,
  Password,
  Text,
  Username,
  Usernames,
  VisibleText,
} from './fields';

export const AccountRole = (): PropertyDecorator =>
  IsIn(
    roleText.words.map((word) => roleText.value(word)),
    {
      message: `$property must be one of ${roleText.words.join(', ')}`,
    },
  );

export class GetUserDto implements GetUserRequest {
  @Id() id!: string;
}

export class ListUsersDto implements ListUsersRequest {
  @ArrayMaxSize(100) @IsUUID(undefined, { each: true }) ids!: string[];
  @ArrayMaxSize(100) @Usernames() usernames!: string[];
  /** The beginnings of words of a username or display name, without regard to case and accents. */
  @Optional() @VisibleText(1, 64) search?: string;
  /** For search: 20 unless told, at most 100. */
  @Optional() @Limit(100) limit?: number;
  /** For search: where the page before this one ended. */
  @Optional() @Cursor() cursor?: string;
}

export class ResolveUsernamesDto implements ResolveUsernamesRequest {
  @ArrayMaxSize(100) @Usernames() usernames!: string[];
}

export class GetOwnUserDto implements GetOwnUserRequest {}

export class UpdateOwnUserDto implements UpdateOwnUserRequest {
  /** 3 to 32 of a-z, 0-9, `_` `.` `-`, beginning with a letter; unique without regard to case. */
  @Optional() @Username() username?: string;
  /** @example "Olga K." */
  @Optional() @DisplayName() displayName?: string;
  /**
   * At most 500 characters.
   * @example "Keeps the lights on"
   */
  @Optional() @Text(0, 500) bio?: string;
}

export class DeleteOwnUserDto implements DeleteOwnUserRequest {
  /** @example "correct horse battery" */
  @Text(1, 128) password!: string;
}

export class ListAccountsDto implements ListAccountsRequest {
  /** A part of a username, a display name or an email address. */
  @Optional() @VisibleText(1, 64) search?: string;
  @Optional() @AccountRole() role?: Role;
  /** Only those that are disabled, or only those that are not. */
  @Optional() @IsBoolean() disabled?: boolean;
  /** 50 unless told, at most 100. */
  @Optional() @Limit(100) limit?: number;
  /** Where the page before this one ended. */
  @Optional() @Cursor() cursor?: string;
}

export class CreateUserDto implements CreateUserRequest {
  /**
   * 3 to 32 of a-z, 0-9, `_` `.` `-`, beginning with a letter; unique without regard to case.
   * @example "olga"
   */
  @Username() username!: string;
  /** @example "olga@example.org" */
  @Email() email!: string;
  /**
   * 8 to 128 characters.
   * @example "correct horse battery"
   */
  @Password() password!: string;
  /** @example "Olga K." */
  @Optional() @DisplayName() displayName?: string;
  @Optional() @AccountRole() role?: Role;
}

export class UpdateUserDto implements UpdateUserRequest {
  @Id() id!: string;
  /** 3 to 32 of a-z, 0-9, `_` `.` `-`, beginning with a letter; unique without regard to case. */
  @Optional() @Username() username?: string;
  /** @example "olga@example.org" */
  @Optional() @Email() email?: string;
  /** @example "Olga K." */
  @Optional() @DisplayName() displayName?: string;
  /**
   * At most 500 characters.
   * @example "Keeps the lights on"
   */
  @Optional() @Text(0, 500) bio?: string;
  @Optional() @AccountRole() role?: Role;
  /** Whether the account is disabled: its sessions end, and nobody logs in to it. */
  @Optional() @IsBoolean() disabled?: boolean;
  /** For somebody who has forgotten theirs: 8 to 128 characters. Their sessions end. */
  @Optional() @Password() password?: string;
}

export class DeleteUserDto implements DeleteUserRequest {
  @Id() id!: string;
}
