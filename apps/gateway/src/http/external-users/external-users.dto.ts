import { OmitType, PickType } from '@nestjs/swagger';
import { ROLES } from '@veche/access';
import { Optional, UpsertExternalUserDto } from '@veche/dto';
import { IsIn } from 'class-validator';
import { UserDto } from '../users/users.dto';

export class ExternalUserPath extends PickType(UpsertExternalUserDto, ['externalId'] as const) {}

export class UpsertExternalUserBody extends OmitType(UpsertExternalUserDto, ['externalId', 'role'] as const) {
  /** `user` where it was never given; none above what the scopes of the key name. */
  @Optional() @IsIn(ROLES) role?: 'guest' | 'user' | 'moderator' | 'admin';
}

/** A user of another product. */
export class ExternalUserDto extends UserDto {
  /** @example "42" */
  externalId!: string;
}

export class ExternalTokenDto {
  /** @example "eyJ…" */
  accessToken!: string;
  /**
   * Seconds until it expires.
   * @example 900
   */
  expiresIn!: number;
  /** @example "01890a5d-ac96-774b-bcce-b302099a8051" */
  userId!: string;
}
