import { OmitType } from '@nestjs/swagger';
import { ROLES } from '@veche/access';
import { CreateUserDto, ListAccountsDto, ListAllRoomsDto, Optional, UpdateUserDto } from '@veche/dto';
import type { Account } from '@veche/protocol';
import { IsIn } from 'class-validator';
import { Flags, Numbers } from '../requests/query';
import { UserDto } from '../users/users.dto';

@Numbers('limit')
@Flags('disabled')
export class ListAccountsQuery extends OmitType(ListAccountsDto, ['role'] as const) {
  @Optional() @IsIn(ROLES) role?: 'guest' | 'user' | 'moderator' | 'admin';
}

@Numbers('limit')
export class ListAllRoomsQuery extends OmitType(ListAllRoomsDto, ['kind'] as const) {
  @Optional() @IsIn(['public', 'private']) kind?: 'public' | 'private';
}

export class CreateUserBody extends OmitType(CreateUserDto, ['role'] as const) {
  /** `user` when left out. */
  @Optional() @IsIn(ROLES) role?: 'guest' | 'user' | 'moderator' | 'admin';
}

export class UpdateUserBody extends OmitType(UpdateUserDto, ['id', 'role'] as const) {
  @Optional() @IsIn(ROLES) role?: 'guest' | 'user' | 'moderator' | 'admin';
}

/** An account as those who manage users see it. */
export class AccountDto extends UserDto implements Account {
  disabled!: boolean;
  /** @example "2026-01-02T03:04:05.678Z" */
  disabledAt?: string;
  /**
   * When a session of it last began or was renewed; left out where that was long ago, or never.
   * @example "2026-01-02T03:04:05.678Z"
   */
  lastSeenAt?: string;
}

export class AccountsDto {
  items!: AccountDto[];
  /** Give it as `cursor` to get the next page. */
  nextCursor?: string;
}
