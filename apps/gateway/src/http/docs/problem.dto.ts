import { ERRORS, type ErrorCode, type Problem } from '@veche/errors';
import { ApiProperty } from '@nestjs/swagger';

export class FieldErrorDto {
  /**
   * A path into the request.
   * @example "members.0"
   */
  field!: string;
  /** @example "must be 3 to 32 of a-z, 0-9, _ . - and begin with a letter" */
  message!: string;
}

/** What went wrong (RFC 9457). Act on `code`; the texts are for people. */
export class ProblemDto implements Problem {
  /** @example "about:blank" */
  type!: string;
  title!: string;
  status!: number;
  @ApiProperty({ enum: Object.keys(ERRORS) }) code!: ErrorCode;
  /** What can be done about it. */
  detail?: string;
  /** For invalid input: what is wrong, field by field. */
  errors?: FieldErrorDto[];
  /** In how many seconds it may be tried again, where that is known. As `Retry-After` says. */
  retryAfter?: number;
  /** For a stale proof (DPoP): what the next one has to carry. */
  nonce?: string;
  /** Ask the operator about this one. */
  requestId!: string;
}
