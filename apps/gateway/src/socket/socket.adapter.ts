import type { INestApplicationContext } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import type { Config } from '@veche/config';
import { acknowledgementOf, AppError } from '@veche/errors';
import type { Server, ServerOptions } from 'socket.io';
import { sendOnWhoIsAstray } from './astray';
import { MAX_FRAME_BYTES } from './transport';

/** Socket.IO as Veche offers it. */
export class SocketAdapter extends IoAdapter {
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
    sendOnWhoIsAstray(server);
    // the namespace that every server has, and where nobody would be asked for a token
    server.use((_socket, next) => next(refusalOf(new AppError('not_found'))));
    return server;
  }

  /** Calls are taken by the {@link CallPipeline}: there is nothing of Nest's to bind to each socket. */
  override bindMessageHandlers(): void {
    return;
  }
}

/** What a middleware answers a handshake with: the client finds the refusal in the error's `data`. */
export const refusalOf = (error: AppError): Error =>
  Object.assign(new Error(error.message), { data: acknowledgementOf(error).error });
