import { Metadata, type StatusObject, status } from '@grpc/grpc-js';
import type { Acknowledgement, ErrorCode, Problem } from '@veche/protocol';
import { AppError, type ErrorData } from './app-error';
import { ERRORS } from './errors.table';

/** The trailer that carries code and data of an {@link AppError} over gRPC, as JSON. */
const TRAILER = 'veche-error-bin';

/** REST: RFC 9457 problem details. */
export const problemOf = (error: AppError, requestId: string): Problem => ({
  type: 'about:blank',
  title: ERRORS[error.code].title,
  status: ERRORS[error.code].http,
  code: error.code,
  ...error.data,
  requestId,
});

/** Socket.IO: what an acknowledgement, or `connect_error.data`, carries. */
export const acknowledgementOf = (
  error: AppError,
  requestId?: string,
): Extract<Acknowledgement<object>, { ok: false }> => ({
  ok: false,
  error: {
    code: error.code,
    title: ERRORS[error.code].title,
    ...error.data,
    ...(requestId === undefined ? {} : { requestId }),
  },
});

/** gRPC: the status, with code and data in the trailers. */
export const statusOf = (error: AppError): StatusObject => {
  const metadata = new Metadata();
  metadata.set(TRAILER, Buffer.from(JSON.stringify({ code: error.code, ...error.data })));
  return { code: ERRORS[error.code].grpc, details: error.message, metadata };
};

const isErrorCode = (code: unknown): code is ErrorCode =>
  typeof code === 'string' && Object.hasOwn(ERRORS, code);

/** How grpc-js tells of a stream that ended with its connection, without an answer: a service that has gone does so. */
const wasCutOff = ({ code, details = '' }: Partial<StatusObject>): boolean =>
  code === status.INTERNAL && details.startsWith('Received RST_STREAM');

/**
 * The other direction, for clients. A status without our trailer comes from gRPC itself (nobody listens, the
 * deadline passed, the message was too large).
 */
export const errorOfStatus = (error: Partial<StatusObject>): AppError => {
  const [trailer] = error.metadata?.get(TRAILER) ?? [];
  if (trailer !== undefined) {
    const { code, ...data } = JSON.parse(trailer.toString()) as { code: unknown } & ErrorData;
    // a newer service may know a code that this process doesn't
    return isErrorCode(code) ? new AppError(code, data) : new AppError('internal');
  }
  if (error.code === status.UNAVAILABLE || error.code === status.CANCELLED || wasCutOff(error))
    return new AppError('unavailable');
  if (error.code === status.DEADLINE_EXCEEDED) return new AppError('deadline_exceeded');
  if (error.code === status.RESOURCE_EXHAUSTED) return new AppError('payload_too_large');
  return new AppError('internal');
};
