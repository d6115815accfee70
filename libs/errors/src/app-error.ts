import type { ErrorCode, FieldError } from '@veche/protocol';
import { ERRORS } from './errors.table';

export interface ErrorData {
  /** What a person can do about it; never a secret, never another person's data. */
  detail?: string;
  /** For invalid input: what is wrong, field by field. */
  errors?: FieldError[];
  /** What the next proof of a device's key has to carry. */
  nonce?: string;
  /** In how many seconds it may be tried again. */
  retryAfter?: number;
}

/** An expected failure. Anything else that is thrown is a bug, and callers hear `internal`. */
export class AppError extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly data: ErrorData = {},
  ) {
    super(data.detail ?? ERRORS[code].title);
    this.name = 'AppError';
  }
}
