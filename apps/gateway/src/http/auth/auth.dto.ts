import { ChangePasswordDto, LoginDto, LogoutDto, Optional, RegisterDto, Text } from '@veche/dto';
import type { Grant, Session } from '@veche/protocol';
import { IsBoolean, IsIn } from 'class-validator';
import { UserDto } from '../users/users.dto';

const TRANSPORTS = ['cookie', 'body'] as const;
/** How a refresh token travels: in a cookie that scripts cannot read, or in the body for who has no cookies. */
export type TokenTransport = (typeof TRANSPORTS)[number];

export class RegisterBody extends RegisterDto {
  /** Where the refresh token goes: into a cookie, unless `body` is asked for. */
  @Optional() @IsIn(TRANSPORTS) tokenTransport?: 'cookie' | 'body';
}

export class LoginBody extends LoginDto {
  /** Where the refresh token goes: into a cookie, unless `body` is asked for. */
  @Optional() @IsIn(TRANSPORTS) tokenTransport?: 'cookie' | 'body';
}

export class ChangePasswordBody extends ChangePasswordDto {
  /** Where the new refresh token goes: into a cookie, unless `body` is asked for. */
  @Optional() @IsIn(TRANSPORTS) tokenTransport?: 'cookie' | 'body';
}

export class RefreshBody {
  /** Left out by browsers, which send it in the cookie. */
  @Optional() @Text(1, 512) refreshToken?: string;
  /** Says nothing any more; accepted from those who still say it. */
  @Optional() @IsBoolean() unanswered?: boolean;
}

export class LogoutBody extends LogoutDto {}

export class GrantDto implements Grant {
  /** @example "eyJhbGciOiJFUzI1NiIsImtpZCI6IjEifQ.eyJzdWIiOiIwMTg5MGE1ZCJ9.c2lnbmF0dXJl" */
  accessToken!: string;
  /**
   * Seconds until the access token expires.
   * @example 900
   */
  expiresIn!: number;
  user!: UserDto;
  /** Where `body` was asked for; otherwise it is in the cookie. */
  refreshToken?: string;
}

export class SessionDto implements Session {
  /** @example "01890a5d-ac96-774b-bcce-b302099a8053" */
  id!: string;
  /** @example "Firefox on Linux" */
  deviceName!: string;
  /** @example "203.0.113.7" */
  ip!: string;
  /** @example "2026-01-02T03:04:05.678Z" */
  createdAt!: string;
  /** @example "2026-01-02T03:04:05.678Z" */
  lastSeenAt!: string;
  /** Whether it is the one that asks. */
  current!: boolean;
  /** @example "veche" */
  appId!: string;
}

export class SessionsDto {
  items!: SessionDto[];
}
