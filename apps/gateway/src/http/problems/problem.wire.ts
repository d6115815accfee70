import { HttpException } from '@nestjs/common';
import { AppError, type ErrorCode } from '@veche/errors';

/** What Nest and Fastify themselves refuse with, in our words. */
const BY_STATUS: Readonly<Partial<Record<number, ErrorCode>>> = {
  400: 'invalid_input',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  413: 'payload_too_large',
  414: 'invalid_input',
  415: 'unsupported_media_type',
};

const statusOf = (error: unknown): number | undefined => {
  if (error instanceof HttpException) return error.getStatus();
  const { name, statusCode } = error as { name?: unknown; statusCode?: unknown };
  return name === 'FastifyError' && typeof statusCode === 'number' ? statusCode : undefined;
};

/** The expected failure behind whatever was thrown; undefined for a bug. */
export const expectedOf = (error: unknown): AppError | undefined => {
  if (error instanceof AppError) return error;
  if (!(error instanceof Error)) return undefined;
  const code = BY_STATUS[statusOf(error) ?? 0];
  return code && new AppError(code, { detail: error.message });
};
