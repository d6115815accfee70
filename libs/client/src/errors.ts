import type { ErrorCode, FieldError, Refusal } from '@veche/protocol';

/** Codes of this library's own. */
type OwnCode = 'unreachable' | 'closed' | 'cookie_not_kept';

/**
 * The server's codes; `unreachable` where it gave no answer, `closed` for a client that was closed, and `cookie_not_kept`
 * where a page of another site wants a session by cookie.
 */
export type VecheErrorCode = ErrorCode | OwnCode;

/** What every call of this library fails with. Act on `code`; the texts are for people. */
export class VecheError extends Error {
  override readonly name = 'VecheError';
  /** What can be done about it, if the server says so. */
  readonly detail?: string;
  /** For `invalid_input`: what is wrong, field by field. */
  readonly errors: readonly FieldError[];
  /** For `stale_proof`: what the next proof has to carry. */
  readonly nonce?: string;
  /** In how many seconds it may be tried again, if the server says so. */
  readonly retryAfter?: number;
  /** For a file that is too large, or that there is no room for: how many bytes could be uploaded. */
  readonly left?: number;
  /** What the operator finds the request by. */
  readonly requestId?: string;

  constructor(
    readonly code: VecheErrorCode,
    refusal: Partial<Refusal> = {},
    options?: ErrorOptions,
  ) {
    super(refusal.detail ?? refusal.title ?? (isOwn(code) ? TITLES[code] : undefined) ?? code, options);
    this.detail = refusal.detail;
    this.errors = refusal.errors ?? [];
    this.nonce = refusal.nonce;
    this.retryAfter = refusal.retryAfter;
    this.left = refusal.left;
    this.requestId = refusal.requestId;
  }
}

const TITLES: Record<OwnCode, string> = {
  unreachable: 'The server does not answer',
  closed: 'The connection was closed',
  cookie_not_kept: 'The browser keeps no cookie of another site',
};

const isOwn = (code: VecheErrorCode): code is OwnCode => Object.hasOwn(TITLES, code);

/** Whether the server has said so. */
export const isOfServer = (code: VecheErrorCode): code is ErrorCode => !isOwn(code);

/** Codes that say nothing about the call itself: it may be made again after a pause. */
const PASSING: ReadonlySet<string> = new Set<VecheErrorCode>([
  'unreachable',
  'unavailable',
  'overloaded',
  'deadline_exceeded',
  'rate_limited',
]);

/** Whether the same call may succeed a moment later. */
const isPassing = (error: unknown): boolean => error instanceof VecheError && PASSING.has(error.code);

/** Codes that a fresh access token may help against. */
const STALE: ReadonlySet<string> = new Set<VecheErrorCode>([
  'unauthenticated',
  'invalid_token',
  'token_expired',
]);

export const isStaleToken = (error: unknown): boolean => error instanceof VecheError && STALE.has(error.code);

/** Whether the same call may go through later: what hindered it passes, or another token is on its way. */
export const mayGoThrough = (error: unknown): boolean => isPassing(error) || isStaleToken(error);

/** Whatever was thrown, as one of ours; what is none of the server's refusals counts as no answer. */
export const asVecheError = (error: unknown): VecheError =>
  error instanceof VecheError ? error : new VecheError('unreachable', {}, { cause: error });
