import { type INestApplicationContext, Logger, type WsMessageHandler } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import type { Config } from '@veche/config';
import { acknowledgementOf, AppError } from '@veche/errors';
import { lastValueFrom, type Observable } from 'rxjs';
import type { Server, ServerOptions, Socket } from 'socket.io';
import { type Acknowledge, newCall } from './socket-call';

/** The longest message, with every character escaped in JSON, and then some. */
const MAX_FRAME_BYTES = 64 * 1024;

/** The handler of this name gets the calls that no other is there for. */
export const UNKNOWN_CALL = '*';

/**
 * Socket.IO as Veche offers it. Every call of a client is answered through its acknowledgement, also where there
 * is no such call; Nest's own binding would stay silent, and would take an answer with an `event` in it for
 * something to emit.
 */
export class SocketAdapter extends IoAdapter {
  private readonly log = new Logger('Sockets');

  constructor(
    app: INestApplicationContext,
    private readonly config: Config,
  ) {
    super(app);
  }

  override createIOServer(port: number, options: Partial<ServerOptions> = {}): Server {
    const server: Server = super.createIOServer(port, {
      ...options,
      maxHttpBufferSize: MAX_FRAME_BYTES,
      perMessageDeflate: false,
      httpCompression: false,
      serveClient: false,
      // a device that vanished is noticed within half a minute
      pingInterval: 20_000,
      pingTimeout: 10_000,
      // for a stranger who opens a transport and then says nothing
      connectTimeout: 10_000,
      ...(this.config.CORS_ORIGINS.length > 0
        ? { cors: { origin: this.config.CORS_ORIGINS, credentials: true } }
        : {}),
    } as ServerOptions);
    // the namespace that every server has, and where nobody would be asked for a token
    server.use((_socket, next) => next(refusalOf(new AppError('not_found'))));
    return server;
  }

  override bindMessageHandlers(
    socket: Socket,
    handlers: WsMessageHandler[],
    transform: (answer: unknown) => Observable<unknown>,
  ): void {
    const byName = new Map(handlers.map(({ message, callback }) => [message, callback]));
    socket.onAny((name: string, ...payload: unknown[]) => {
      const last = payload.at(-1);
      const acknowledge = typeof last === 'function' ? (last as Acknowledge) : () => undefined;
      if (typeof last === 'function') payload.pop();
      const handler = byName.get(name) ?? byName.get(UNKNOWN_CALL);
      if (!handler) return;
      const argument = payload.length > 1 ? payload : payload[0];
      // errors are acknowledged by the filter, and give no answer here
      lastValueFrom(transform(handler(argument, acknowledge, newCall())), { defaultValue: undefined }).then(
        (answer) => answer !== undefined && acknowledge(answer as object),
        (error: unknown) => this.log.error({ err: error }, 'a call was not answered'),
      );
    });
  }
}

/** What a middleware answers a handshake with: the client finds the refusal in the error's `data`. */
export const refusalOf = (error: AppError): Error =>
  Object.assign(new Error(error.message), { data: acknowledgementOf(error).error });
