import { FastifyAdapter } from '@nestjs/platform-fastify';
import { nameOf } from '@veche/access';
import type { Config } from '@veche/config';
import { clientAddress } from '@veche/rpc';
import { httpRequestIsOf } from '@veche/telemetry';
import { AppError, ERRORS, problemOf } from '@veche/errors';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { type Duplex, finished } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { v7 as uuid } from 'uuid';
import type { IdentifiedRequest } from '../guards/caller';
import { OFFSET_STREAM } from '../files/tus.rules';
import { expectedOf } from './problems/problem.wire';
import { PROBLEM_TYPE } from './problems/send-problem';
import { httpSeconds } from './http.metrics';
import { acceptJsonOnly } from './requests/json-body';
import { REQUEST_ID_HEADER, requestIdOf } from './requests/request-id';
import { traceRequests } from './requests/request-span';

/** What a request body may weigh; the longest message is 4000 characters. */
const MAX_BODY_BYTES = 64 * 1024;
/** The longest part of a path is the id of an external user: 200 characters, of twelve each where they are percent-encoded. */
const MAX_PARAMETER = 200 * 12;
/** How long a client may take to send a whole request. */
const REQUEST_TIMEOUT_MS = 30_000;
/**
 * How long a connection may neither take nor send a byte. A long poll is answered within a ping's time, and a WebSocket
 * has its own bounds.
 */
const MAX_SILENCE_MS = 60_000;
/** Requests under way, beyond which the API takes no more: they would only wait longer, and each holds memory. */
const MAX_ANSWERING = 5_000;
/** Bytes of answers that one caller, and all of them, may have asked for and not read, before they may ask for more. */
const MAX_UNREAD = 16 * 1024 * 1024;
const MAX_UNREAD_OF_ALL = 256 * 1024 * 1024;
/** What is smaller is bounded by the number of answers. */
const MIN_WEIGHT = 4 * 1024;
/** How long a stopping server waits for the answers that it owes. */
const DRAIN_MS = 5_000;
/** A path of the API that no route has. */
const NOWHERE = '/api/';

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

/** What an answer weighs whose caller has not read it. */
interface Unread {
  readonly caller: string;
  readonly bytes: number;
}
const NOTHING: Unread = { caller: '', bytes: 0 };

/** A user or a key by name, everybody else by their address. */
const callerOf = (request: FastifyRequest): string => {
  const { caller } = request as Partial<IdentifiedRequest>;
  const name = caller && nameOf(caller.principal);
  return name === undefined ? `address ${request.ip}` : `user ${name}`;
};

export class JsonServer extends FastifyAdapter {
  /** Nest would add parsers for forms. */
  override registerParserMiddleware(): void {
    // the one parser is there since the server was made
  }

  private readonly answering = new Map<ServerResponse, Unread>();
  /** Bytes that have not been read, by caller. */
  private readonly unread = new Map<string, number>();
  private unreadOfAll = 0;
  /** What each connection is owed: of pipelined answers only the first knows of the connection's end. */
  private readonly owed = new WeakMap<Socket, Set<ServerResponse>>();
  /** There from the moment on that the server is to stop: to be called when the last answer has left. */
  private idle?: () => void;

  /** Lets a request in, or refuses it where the server is about to stop or has too much to do. */
  admit({ url, raw: { socket } }: FastifyRequest, reply: FastifyReply): void {
    const { raw: answer } = reply;
    if (this.idle) {
      void reply.header('connection', 'close');
      throw new AppError('unavailable', { detail: 'This server is stopping' });
    }
    // whether the process is alive is another question
    const full = this.answering.size >= MAX_ANSWERING || this.unreadOfAll >= MAX_UNREAD_OF_ALL;
    if (full && url.startsWith('/api/')) throw new AppError('overloaded');
    this.answering.set(answer, NOTHING);
    const owed = this.owedTo(socket).add(answer);
    finished(answer, () => {
      owed.delete(answer);
      this.answered(answer);
    });
  }

  private owedTo(socket: Socket): Set<ServerResponse> {
    const known = this.owed.get(socket);
    if (known) return known;
    const owed = new Set<ServerResponse>();
    this.owed.set(socket, owed);
    socket.once('close', () => owed.forEach((answer) => this.answered(answer)));
    return owed;
  }

  /** Notes what an answer weighs, until it has been read. */
  weighs(request: FastifyRequest, answer: ServerResponse, bytes: number): void {
    if (!this.answering.has(answer)) return;
    const caller = callerOf(request);
    this.answering.set(answer, { caller, bytes });
    this.count(caller, bytes);
  }

  /** Whether somebody has to read before they ask for more. */
  isBehind(request: FastifyRequest): boolean {
    return (this.unread.get(callerOf(request)) ?? 0) >= MAX_UNREAD;
  }

  /** It is ended by whoever writes it, and is nothing that the server owes. */
  staysOpen(answer: ServerResponse): void {
    this.answered(answer);
  }

  private count(caller: string, bytes: number): void {
    this.unreadOfAll += bytes;
    const left = (this.unread.get(caller) ?? 0) + bytes;
    if (left > 0) this.unread.set(caller, left);
    else this.unread.delete(caller);
  }

  private answered(answer: ServerResponse): void {
    const { caller, bytes } = this.answering.get(answer) ?? NOTHING;
    if (bytes > 0) this.count(caller, -bytes);
    this.answering.delete(answer);
    if (this.answering.size === 0) this.idle?.();
  }

  /** Before anything is taken apart that requests on their way still need. */
  // eslint-disable-next-line @typescript-eslint/no-misused-promises -- Nest awaits it, though its type does not say so
  override async beforeClose(): Promise<void> {
    super.beforeClose();
    const idle = new Promise<void>((resolve) => (this.idle = resolve));
    if (this.answering.size > 0) await Promise.race([idle, setTimeout(DRAIN_MS, undefined, { ref: false })]);
  }
}

/** The HTTP server that a composition root creates its application on. */
export const gatewayAdapter = (config: Config, maxSilenceMs = MAX_SILENCE_MS): FastifyAdapter => {
  const adapter = new JsonServer({
    // the nearest peer alone: it has appended whom it saw, and what stands before that anybody may have written
    trustProxy: config.TRUST_PROXY && ((_address, hop) => hop === 0),
    bodyLimit: MAX_BODY_BYTES,
    routerOptions: { maxParamLength: MAX_PARAMETER },
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: maxSilenceMs,
    // what was owed has left by then: a connection that never asked for anything, as browsers open them, is not waited for
    forceCloseConnections: true,
    genReqId: requestIdOf,
    requestIdHeader: false,
    clientErrorHandler: refuseSocket,
    // the server refuses earlier, and with a problem
    return503OnClosing: false,
    // what the router cannot read would get past every hook: it is refused among the paths that are nowhere
    frameworkErrors: (error: Error, { raw: request }: FastifyRequest, { raw: answer }: FastifyReply) => {
      unreadable.set(request, expectedOf(error) ?? new AppError('internal'));
      server.routing(Object.assign(request, { originalUrl: request.url, url: NOWHERE }), answer);
    },
  });
  const unreadable = new WeakMap<IncomingMessage, AppError>();
  const server = adapter.getInstance<FastifyInstance>();
  acceptJsonOnly(server);
  // read by who takes them, as they come
  server.addContentTypeParser(OFFSET_STREAM, (_request, _body, done) => done(null));
  // first of the hooks: what they refuse is traced as well
  if (config.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined) traceRequests(server);
  server.addHook('onRequest', async (request, reply) => {
    // the access log reads it there
    Object.assign(request.raw, { id: request.id });
    httpRequestIsOf(request.raw, { address: clientAddress(request.ip) });
    void reply.header(REQUEST_ID_HEADER, request.id);
    // answers belong to who asked
    if (request.url.startsWith('/api/')) void reply.header('cache-control', 'no-store');
    adapter.admit(request, reply);
    const refusal = unreadable.get(request.raw);
    if (refusal) throw refusal;
  });
  server.addHook('onSend', (request, reply, payload, done) => {
    const bytes = typeof payload === 'string' || Buffer.isBuffer(payload) ? Buffer.byteLength(payload) : 0;
    if (bytes >= MIN_WEIGHT) adapter.weighs(request, reply.raw, bytes);
    done();
  });
  server.addHook('onResponse', (request, reply, done) => {
    // a method of HTTP that no route has could be any of thirty
    const [method, route] = request.is404
      ? ['any', 'none']
      : [request.method, request.routeOptions.url ?? 'none'];
    httpSeconds.observe({ method, route, code: String(reply.statusCode) }, reply.elapsedTime / 1000);
    done();
  });
  return adapter;
};
