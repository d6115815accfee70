import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { Config } from '@veche/config';
import { AppError, ERRORS, problemOf } from '@veche/errors';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { v7 as uuid } from 'uuid';
import { expectedOf } from './problems/problem.wire';
import { PROBLEM_TYPE, sendProblem } from './problems/send-problem';
import { acceptJsonOnly } from './requests/json-body';
import { REQUEST_ID_HEADER, requestIdOf } from './requests/request-id';

/** What a request body may weigh; the longest message is 4000 characters. */
const MAX_BODY_BYTES = 64 * 1024;
/** How long a client may take to send a whole request. */
const REQUEST_TIMEOUT_MS = 30_000;

/** Bytes that are no HTTP, or headers without end: there is no request yet to answer, only a socket. */
const refuseSocket = (error: NodeJS.ErrnoException, socket: Duplex): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const code = error.code === 'HPE_HEADER_OVERFLOW' ? 'payload_too_large' : 'invalid_input';
  const body = JSON.stringify(problemOf(new AppError(code), uuid()));
  const status = ERRORS[code].http;
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: ${PROBLEM_TYPE}; charset=utf-8\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
};

class JsonServer extends FastifyAdapter {
  /** Nest would add parsers for forms. */
  override registerParserMiddleware(): void {
    // the one parser is there since the server was made
  }
}

/** The HTTP server that a composition root creates its application on. */
export const gatewayAdapter = (config: Config): FastifyAdapter => {
  const adapter = new JsonServer({
    trustProxy: config.TRUST_PROXY,
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    genReqId: requestIdOf,
    requestIdHeader: false,
    clientErrorHandler: refuseSocket,
    // a malformed URL does not get as far as Nest
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) =>
      sendProblem(reply, request.id, expectedOf(error) ?? new AppError('internal')),
  });
  const server = adapter.getInstance<FastifyInstance>();
  acceptJsonOnly(server);
  server.addHook('onRequest', async (request, reply) => {
    // the access log reads it there
    Object.assign(request.raw, { id: request.id });
    void reply.header(REQUEST_ID_HEADER, request.id);
    // answers belong to who asked
    if (request.url.startsWith('/api/')) void reply.header('cache-control', 'no-store');
  });
  return adapter;
};
