import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { CALL_TIMEOUT_MS, type CallContext, clientAddress } from '@veche/rpc';
import type { FastifyRequest } from 'fastify';
import { ExtractJwt } from 'passport-jwt';
import { spanOf } from './request-span';

/** From the Authorization header only: a token in a URL ends up in logs and histories. */
export const bearerOf = ExtractJwt.fromAuthHeaderAsBearerToken() as (request: {
  headers: FastifyRequest['headers'];
}) => string | null;

/** What travels with the calls that a request leads to; they share its deadline. */
export const contextOf = (request: FastifyRequest): CallContext => ({
  token: bearerOf(request) ?? undefined,
  requestId: request.id,
  clientIp: clientAddress(request.ip),
  proof: [request.headers.dpop].flat()[0],
  deadline: Date.now() + CALL_TIMEOUT_MS,
  traceparent: spanOf(request)?.traceparent,
});

/** The {@link CallContext} of the request, for a handler to pass to its client. */
export const Ctx = createParamDecorator((_data: unknown, execution: ExecutionContext) =>
  contextOf(execution.switchToHttp().getRequest<FastifyRequest>()),
);
