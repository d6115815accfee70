import type {
  GetOwnUserRequest,
  GetUserRequest,
  ListUsersRequest,
  UpdateOwnUserRequest,
} from '@veche/contracts';
import { ArrayMaxSize, IsUUID } from 'class-validator';
import { Cursor, Id, Limit, Optional, Text, Username, Usernames, VisibleText } from './fields';

export class GetUserDto implements GetUserRequest {
  @Id() id!: string;
}

export class ListUsersDto implements ListUsersRequest {
  @ArrayMaxSize(100) @IsUUID(undefined, { each: true }) ids!: string[];
  @ArrayMaxSize(100) @Usernames() usernames!: string[];
  /** The beginning of a username or display name. */
  @Optional() @VisibleText(1, 64) search?: string;
  /** For search: 20 unless told, at most 100. */
  @Optional() @Limit(100) limit?: number;
  /** For search: where the page before this one ended. */
  @Optional() @Cursor() cursor?: string;
}

export class GetOwnUserDto implements GetOwnUserRequest {}

export class UpdateOwnUserDto implements UpdateOwnUserRequest {
  /** 3 to 32 of a-z, 0-9, `_` `.` `-`, beginning with a letter; unique without regard to case. */
  @Optional() @Username() username?: string;
  /** @example "Olga K." */
  @Optional() @VisibleText(1, 64) displayName?: string;
  /**
   * At most 500 characters.
   * @example "Keeps the lights on"
   */
  @Optional() @Text(0, 500) bio?: string;
}
