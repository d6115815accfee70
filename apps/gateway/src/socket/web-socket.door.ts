import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Config } from '@veche/config';
import { acknowledgementOf, AppError, ERRORS } from '@veche/errors';
import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { clientAddressOf } from '../http/requests/client-address';
import { bearerOf } from '../http/requests/context';
import { CallRates } from '@veche/limits';
import { CallPipeline } from './call-pipeline';
import { ChatGateway } from './chat.gateway';
import type { Connection } from './connection';
import { type Admitted, Connections } from './connections';
import { Frames } from './frames';
import { type PlainCall, plainCallOf } from './plain-call';
import { MAX_FRAME_BYTES, TRY_AGAIN_LATER } from './transport';
import { mayOpen } from './web-socket.origin';
import {
  closeForCertain,
  POLICY_VIOLATION,
  SERVICE_RESTART,
  WebSocketTransport,
} from './web-socket.transport';

const PATH = '/ws';
/** What a client that offers subprotocols offers first: the token in the next one is never said back. */
const PROTOCOL = 'veche.v1';
const BEARER = 'bearer.';
/** For a stranger who connects and then says nothing. */
const FIRST_FRAME_MS = 10_000;
/** A device that vanished is noticed within two of these. */
const PING_MS = 15_000;

/** Not its own table of calls, rights or errors: it is another way to what the namespace has. */
@Injectable()
export class WebSocketDoor implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('Sockets');
  private readonly server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
    handleProtocols: (offered) => offered.has(PROTOCOL) && PROTOCOL,
  });
  /** Those that have not been heard of since they were asked. */
  private readonly silent = new Set<WebSocket>();
  private stopping = false;
  private readonly pings = setInterval(() => this.ping(), PING_MS).unref();

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly config: Config,
    private readonly connections: Connections,
    private readonly pipeline: CallPipeline,
    private readonly rates: CallRates,
    private readonly chat: ChatGateway,
  ) {}

  onApplicationBootstrap(): void {
    const http = this.host.httpAdapter.getHttpServer() as Server;
    http.on('upgrade', (request, socket, head) => this.upgrade(request, socket, head));
  }

  /** The connections have been told; those that nobody knows yet go, too. */
  beforeApplicationShutdown(): void {
    this.stopping = true;
    clearInterval(this.pings);
    for (const socket of this.server.clients) closeForCertain(socket, SERVICE_RESTART, 'connect again');
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (request.url?.split('?')[0] !== PATH) return;
    if (this.stopping) return turnAway(socket, 503);
    if (!mayOpen(request, this.config.CORS_ORIGINS)) return turnAway(socket, 403);
    this.server.handleUpgrade(request, socket, head, (opened) => {
      // what is broken is closed, and there is nobody to tell
      opened.on('error', () => undefined);
      opened.on('pong', () => this.silent.delete(opened));
      opened.on('close', () => this.silent.delete(opened));
      const token = bearerOf(request) ?? offeredToken(request);
      const address = clientAddressOf(request, this.config.TRUST_PROXY);
      if (token === undefined) this.awaitToken(opened, address);
      else void this.admit(opened, token, address);
    });
  }

  /** The first frame is the call `token`. */
  private awaitToken(socket: WebSocket, address: string | undefined): void {
    const late = setTimeout(() => this.refuse(socket, new AppError('unauthenticated')), FIRST_FRAME_MS);
    socket.once('close', () => clearTimeout(late));
    socket.once('message', (data, isBinary) => {
      clearTimeout(late);
      try {
        const { call, payload, id } = plainCallOf(textOf(data, isBinary));
        if (call !== 'token') throw new AppError('unauthenticated');
        void this.admit(socket, (payload as { token?: unknown } | null | undefined)?.token, address, id);
      } catch (error) {
        this.refuse(socket, error);
      }
    });
  }

  /** @param id of the call that brought the token */
  private async admit(
    socket: WebSocket,
    token: unknown,
    address: string | undefined,
    id?: number,
  ): Promise<void> {
    // what it says meanwhile is taken when it is known who says it
    socket.pause();
    try {
      const admitted = await this.connections.admit(token, address);
      socket.once('close', admitted.leave);
      if (socket.readyState !== socket.OPEN) return admitted.leave();
      this.begin(socket, admitted, id);
    } catch (error) {
      this.refuse(socket, error, id);
    } finally {
      socket.resume();
    }
  }

  private begin(socket: WebSocket, admitted: Admitted, id: number | undefined): void {
    const transport = new WebSocketTransport(socket);
    const answer = { ok: true, expiresAt: new Date(admitted.principal.expiresAt).toISOString() };
    if (id !== undefined) transport.write(Frames.answer(id, answer));
    const connection = this.connections.begin(transport, admitted);
    socket.once('close', () => this.connections.closed(connection));
    socket.on('message', (data, isBinary) => this.take(connection, data, isBinary));
  }

  private take(connection: Connection, data: RawData, isBinary: boolean): void {
    let asked: PlainCall;
    try {
      asked = plainCallOf(textOf(data, isBinary));
    } catch (error) {
      return connection.write(Frames.answer(undefined, acknowledgementOf(this.charged(connection, error))));
    }
    void this.pipeline.take(this.chat.handlers.get(asked.call), connection, asked);
  }

  /** What is no call costs one. */
  private charged({ principal }: Connection, error: unknown): AppError {
    try {
      this.rates.spend(principal.userId);
    } catch (refusal) {
      return this.known(refusal);
    }
    return this.known(error);
  }

  private refuse(socket: WebSocket, error: unknown, id?: number): void {
    const known = this.known(error);
    socket.send(JSON.stringify({ id: id ?? null, ...acknowledgementOf(known) }));
    closeForCertain(socket, ERRORS[known.code].http >= 500 ? TRY_AGAIN_LATER : POLICY_VIOLATION, known.code);
  }

  private known(error: unknown): AppError {
    if (error instanceof AppError) return error;
    this.log.error({ err: error }, 'unexpected error');
    return new AppError('internal');
  }

  private ping(): void {
    for (const socket of this.server.clients) {
      if (this.silent.has(socket)) socket.terminate();
      else {
        this.silent.add(socket);
        socket.ping();
      }
    }
  }
}

const turnAway = (socket: Duplex, status: number): void => {
  // whoever hangs up meanwhile is no failure of ours
  socket.on('error', () => undefined);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
};

const textOf = (data: RawData, isBinary: boolean): string => {
  if (isBinary) throw new AppError('invalid_input', { detail: 'A frame must be text' });
  return (data as Buffer).toString('utf8');
};

/** A browser can set no header, but it can offer subprotocols: `new WebSocket(url, ['veche.v1', 'bearer.' + token])`. */
const offeredToken = ({ headers }: IncomingMessage): string | undefined =>
  headers['sec-websocket-protocol']
    ?.split(',')
    .map((offered) => offered.trim())
    .find((offered) => offered.startsWith(BEARER))
    ?.slice(BEARER.length);
