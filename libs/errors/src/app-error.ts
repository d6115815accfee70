import type { ErrorCode, FieldError } from '@veche/protocol';
import { ERRORS, type Row } from './errors.table';

export interface ErrorData {
  /** What a person can do about it; never a secret, never another person's data. */
  detail?: string;
  /** For invalid input: what is wrong, field by field. */
  errors?: FieldError[];
  /** What the next proof of a device's key has to carry. */
  nonce?: string;
  /** In how many seconds it may be tried again. */
  retryAfter?: number;
  /** How many bytes there is room for. */
  left?: number;
}

/** An expected failure. Anything else that is thrown is a bug, and callers hear `internal`. */
export class AppError extends Error {
  readonly data: ErrorData;

  /** @param data `retryAfter` has the table's value where it is left out */
  constructor(
    readonly code: ErrorCode,
    data: ErrorData = {},
  ) {
    const { title, retryAfter }: Row = ERRORS[code];
    super(data.detail ?? title);
    this.name = 'AppError';
    this.data = retryAfter === undefined ? data : { retryAfter, ...data };
  }
}
