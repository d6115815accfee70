import { applyDecorators } from '@nestjs/common';
import { ApiBearerAuth, ApiResponse, type ApiResponseNoStatusOptions, getSchemaPath } from '@nestjs/swagger';
import { accessOf } from '@veche/access';
import { AppError, ERRORS, type ErrorCode, problemOf } from '@veche/errors';
import { PROBLEM_TYPE } from '../problems/send-problem';
import { ProblemDto } from './problem.dto';

const ANY: readonly ErrorCode[] = [
  'invalid_input',
  'rate_limited',
  'overloaded',
  'unavailable',
  'deadline_exceeded',
  'internal',
];
const SIGNED_IN: readonly ErrorCode[] = [
  'unauthenticated',
  'invalid_token',
  'token_expired',
  'session_ended',
  'forbidden',
];

/** How OpenAPI describes the answer with codes that share an HTTP status. */
export const problemAnswer = (codes: readonly ErrorCode[]): ApiResponseNoStatusOptions & object => ({
  description: codes.map((code) => `\`${code}\`: ${ERRORS[code].title}`).join('<br>'),
  content: {
    [PROBLEM_TYPE]: {
      schema: { $ref: getSchemaPath(ProblemDto) },
      examples: Object.fromEntries(
        codes.map((code) => [
          code,
          { value: problemOf(new AppError(code), '01890a5d-ac96-774b-bcce-b302099a8057') },
        ]),
      ),
    },
  },
});

/**
 * Documents how a REST handler fails: these codes, and what every handler of its access can answer. Stands
 * above `@Access`, whose declaration it reads.
 */
export const Fails =
  (...codes: ErrorCode[]): MethodDecorator =>
  (target, key, descriptor) => {
    const access = accessOf(descriptor.value as object);
    if (!access) throw new Error(`${String(key)}: @Fails stands above @Access`);
    const all = [...codes, ...(access === 'public' ? [] : SIGNED_IN), ...ANY];
    const statuses = [...new Set(all.map((code) => ERRORS[code].http))];
    applyDecorators(
      ...statuses.map((status) =>
        ApiResponse({ status, ...problemAnswer(all.filter((code) => ERRORS[code].http === status)) }),
      ),
      ...(access === 'public' ? [] : [ApiBearerAuth()]),
    )(target, key, descriptor);
  };
