import { type AppError, problemOf } from '@veche/errors';
import type { FastifyReply } from 'fastify';
import { REQUEST_ID_HEADER } from '../requests/request-id';

export const PROBLEM_TYPE = 'application/problem+json';

/** Answers with RFC 9457 problem details, whatever was prepared before. */
export const sendProblem = (reply: FastifyReply, requestId: string, error: AppError): void => {
  const problem = problemOf(error, requestId);
  // RFC 9110: a 401 names the scheme to come back with
  if (problem.status === 401) void reply.header('www-authenticate', 'Bearer');
  if (problem.nonce !== undefined) void reply.header('dpop-nonce', problem.nonce);
  if (problem.retryAfter !== undefined) void reply.header('retry-after', problem.retryAfter);
  void reply
    .status(problem.status)
    .header(REQUEST_ID_HEADER, requestId)
    .header('content-type', `${PROBLEM_TYPE}; charset=utf-8`)
    .send(JSON.stringify(problem));
};
