import {
  type DeleteExternalUserRequest,
  type EndExternalSessionsRequest,
  type IssueExternalTokenRequest,
  type Role,
  type UpsertExternalUserRequest,
} from '@veche/contracts';
import { applyDecorators } from '@nestjs/common';
import { DisplayName, Email, Fits, Optional, Text, Username } from './fields';
import { AccountRole } from './users.dto';

const CONTROL = /\p{Cc}/u;

/** As another product knows its user. */
export const ExternalId = (): PropertyDecorator =>
  applyDecorators(
    Text(1, 200),
    Fits('isExternalId', (id) => !CONTROL.test(id), 'must not contain control characters'),
  );

export class UpsertExternalUserDto implements UpsertExternalUserRequest {
  @ExternalId() externalId!: string;
  /**
   * What others see; the username where it was never given.
   * @example "Olga K."
   */
  @Optional() @DisplayName() displayName?: string;
  /**
   * 3 to 32 of a-z, 0-9, `_` `.` `-`, beginning with a letter; unique without regard to case. Made of the display name
   * where it was never given.
   */
  @Optional() @Username() username?: string;
  /**
   * For those who manage users to see. Nobody signs in by it, and it takes nothing from whoever has registered with it.
   * @example "olga@example.org"
   */
  @Optional() @Email() email?: string;
  @Optional() @AccountRole() role?: Role;
  /** At most 500 characters. */
  @Optional() @Text(0, 500) bio?: string;
}

export class IssueExternalTokenDto implements IssueExternalTokenRequest {
  @ExternalId() externalId!: string;
}

export class EndExternalSessionsDto implements EndExternalSessionsRequest {
  @ExternalId() externalId!: string;
}

export class DeleteExternalUserDto implements DeleteExternalUserRequest {
  @ExternalId() externalId!: string;
}
