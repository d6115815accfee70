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
  @Optional() @VisibleText(1, 64) search?: string;
  @Optional() @Limit(100) limit?: number;
  @Optional() @Cursor() cursor?: string;
}

export class GetOwnUserDto implements GetOwnUserRequest {}

export class UpdateOwnUserDto implements UpdateOwnUserRequest {
  /** 3 to 32 of a-z, 0-9, `_` `.` `-`, beginning with a letter; unique without regard to case. */
  @Optional() @Username() username?: string;
  /** @example "Olga K." */
  @Optional() @VisibleText(1, 64) displayName?: string;
  /** @example "Keeps the lights on" */
  @Optional() @Text(0, 500) bio?: string;
}
