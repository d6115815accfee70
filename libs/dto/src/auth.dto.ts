import type {
  ChangePasswordRequest,
  CheckRequest,
  CheckSessionsRequest,
  EndOtherSessionsRequest,
  EndSessionRequest,
  GetAuthHealthRequest,
  GetInstallationRequest,
  GetKeysRequest,
  ListSessionsRequest,
  LoginRequest,
  LogoutRequest,
  RefreshRequest,
  RegisterRequest,
  ValidateApiKeyRequest,
  ValidateSessionRequest,
  WatchSessionsRequest,
} from '@veche/contracts';
import { ArrayMaxSize, IsBoolean, IsUUID } from 'class-validator';
import { DisplayName, Email, Id, Optional, Password, Text, Username } from './fields';

export class RegisterDto implements RegisterRequest {
  /**
   * 3 to 32 of a-z, 0-9, `_` `.` `-`, beginning with a letter; unique without regard to case.
   * @example "olga"
   */
  @Username() username!: string;
  /** @example "olga@example.org" */
  @Email() email!: string;
  /**
   * 8 to 128 characters; neither one that many use nor little more than the account's name.
   * @example "correct horse battery"
   */
  @Password() password!: string;
  /** @example "Olga K." */
  @Optional() @DisplayName() displayName?: string;
  /** The application that the token is for; Veche itself when left out. */
  @Optional() @Text(1, 64) appId?: string;
  /** @example "Firefox on Linux" */
  @Optional() @Text(1, 128) deviceName?: string;
}

export class LoginDto implements LoginRequest {
  /**
   * A username or an email address.
   * @example "olga"
   */
  @Text(1, 254) login!: string;
  /** @example "correct horse battery" */
  @Text(1, 128) password!: string;
  /** The application that the token is for; Veche itself when left out. */
  @Optional() @Text(1, 64) appId?: string;
  /** @example "Firefox on Linux" */
  @Optional() @Text(1, 128) deviceName?: string;
}

export class RefreshDto implements RefreshRequest {
  @Text(1, 512) refreshToken!: string;
  @Optional() @IsBoolean() unanswered?: boolean;
}

export class LogoutDto implements LogoutRequest {
  /** Where there is no access token that is still good. Left out by browsers, which send it in the cookie. */
  @Optional() @Text(1, 512) refreshToken?: string;
}

export class ChangePasswordDto implements ChangePasswordRequest {
  @Text(1, 128) currentPassword!: string;
  /** 8 to 128 characters; neither one that many use nor little more than the account's name. */
  @Password() newPassword!: string;
}

export class ListSessionsDto implements ListSessionsRequest {}

export class EndSessionDto implements EndSessionRequest {
  @Id() sessionId!: string;
}

export class EndOtherSessionsDto implements EndOtherSessionsRequest {}

export class ValidateSessionDto implements ValidateSessionRequest {
  @Text(1, 4096) accessToken!: string;
}

export class ValidateApiKeyDto implements ValidateApiKeyRequest {
  @Text(1, 128) secret!: string;
}

export class GetKeysDto implements GetKeysRequest {}

export class GetAuthHealthDto implements GetAuthHealthRequest {}

export class GetInstallationDto implements GetInstallationRequest {}

export class CheckSessionsDto implements CheckSessionsRequest {
  @ArrayMaxSize(1000) @IsUUID(undefined, { each: true }) sessionIds!: string[];
}

export class WatchSessionsDto implements WatchSessionsRequest {}

export class CheckDto implements CheckRequest {
  @Text(1, 64) permission!: string;
}
