import { Logger } from '@nestjs/common';
import type { UserPrincipal } from '@veche/access';
import { AppError } from '@veche/errors';
import type { Authenticator, Held } from '@veche/rpc';
import type { Socket } from 'socket.io';
import type { Socket as TcpSocket } from 'node:net';
import { Frames, type Receiver } from './frames';
import { inOneWrite } from './one-write';

/** What a client may leave unread in our memory before it is sent away to catch up later. */
const MAX_QUEUED_BYTES = 1024 * 1024;
/** How long a connection that was told to go may take to read what it was told. */
const PARTING_MS = 500;
/** RFC 6455, 7.4.1 and its registry: try again later. */
const TRY_AGAIN_LATER = 1013;

// there is nothing to gain in compressing small frames, and polling would do so
const WRITE_OPTIONS = { compress: false };

const log = new Logger('Sockets');

/** An EVENT packet of the Socket.IO protocol: the name of a call, its payload, and a number if it wants an answer. */
export interface CallPacket {
  readonly data: readonly [name: string, ...payload: unknown[]];
  readonly id?: number;
}

/** One device's connection to the namespace, for as long as its session and its access token are good. */
export class Connection implements Receiver, Held {
  /** Whether it was told its rooms: before that it gets nothing. */
  ready = false;
  private who: UserPrincipal;
  private accessToken: string;
  /** What Engine.IO was given and has not handed on yet. */
  private queuedBytes = 0;

  constructor(
    private readonly socket: Socket,
    private readonly authenticator: Authenticator,
    principal: UserPrincipal,
    token: string,
  ) {
    this.who = principal;
    this.accessToken = token;
    authenticator.hold(this);
    // its own packets, acknowledgements before all, leave with ours
    socket.conn.on('flush', this.hold);
  }

  get principal(): UserPrincipal {
    return this.who;
  }

  get token(): string {
    return this.accessToken;
  }

  get open(): boolean {
    return this.socket.connected;
  }

  /**
   * Takes every call of the client. In the place of Socket.IO's own way to its listeners and back, which is a tenth of
   * what a call costs (ADR 9).
   */
  onCall(take: (packet: CallPacket) => void): void {
    (this.socket as unknown as { onevent: typeof take }).onevent = take;
  }

  write(frames: Frames): void {
    if (!this.socket.connected) return;
    const tcp = this.tcp;
    // what Engine.IO still holds of ours must not be overtaken
    if (tcp && this.queuedBytes === 0) {
      this.hold();
      tcp.write(frames.bytes);
    } else frames.packets.forEach((packet) => this.enqueue(packet));
    if (this.queuedBytes > MAX_QUEUED_BYTES) this.closeAsTooSlow(this.queuedBytes);
  }

  /**
   * Goes on with a fresh access token of the same session.
   * @throws AppError `invalid_token` for a token of another session, and what authenticating throws
   */
  async renew(token: string): Promise<void> {
    const principal = await this.authenticator.authenticate(token);
    if (principal.sessionId !== this.who.sessionId || principal.userId !== this.who.userId)
      throw new AppError('invalid_token', { detail: 'The token belongs to another session' });
    if (!this.open) return;
    this.who = principal;
    this.accessToken = token;
  }

  /** Breaks the transport without a word of ours, so that the client comes back by itself and catches up. */
  reset(): void {
    this.socket.conn.close();
    this.closeForCertain();
  }

  end({ code, data }: AppError): void {
    this.write(Frames.of('session:ended', { reason: (code === 'session_ended' && data.detail) || code }));
    this.socket.disconnect(true);
    this.closeForCertain();
  }

  /** What is left to do when the socket is gone, for whatever reason. */
  closed(): void {
    this.authenticator.release(this);
    // a client may leave the namespace and enter it again on the same transport
    this.socket.conn.off('flush', this.hold);
  }

  private enqueue(packet: string): void {
    this.queuedBytes += packet.length;
    this.socket.conn.write(packet, WRITE_OPTIONS, () => {
      this.queuedBytes -= packet.length;
    });
  }

  /** The connection beneath a WebSocket; it may begin as polling. */
  private get tcp(): TcpSocket | undefined {
    return webSocketOf(this.socket.conn)?._socket ?? undefined;
  }

  private readonly hold = (): void => {
    const tcp = this.tcp;
    // looked at before this turn's share: one large batch makes nobody slow
    if (!tcp || !inOneWrite(tcp) || tcp.writableLength <= MAX_QUEUED_BYTES) return;
    this.closeAsTooSlow(tcp.writableLength);
  };

  private closeForCertain(): void {
    const { conn } = this.socket;
    setTimeout(() => {
      conn.close(true);
      // a peer that does not answer the closing would keep its buffer, and the server from closing, for long
      webSocketOf(conn)?.terminate();
    }, PARTING_MS).unref();
  }

  private closeAsTooSlow(queuedBytes: number): void {
    const { conn } = this.socket;
    log.warn({ userId: this.who.userId, queuedBytes }, 'closed a connection: too slow');
    // Engine.IO closes without a reason
    webSocketOf(conn)?.close(TRY_AGAIN_LATER, 'too slow');
    conn.close(true);
    this.closeForCertain();
  }
}

interface WebSocketBeneath {
  /** Of `ws`, which has no public way to it; undefined or null where there is none. */
  readonly _socket?: TcpSocket | null;
  close(code: number, reason: string): void;
  terminate(): void;
}

/** The WebSocket beneath a transport, where it is one. */
const webSocketOf = (conn: Socket['conn']): WebSocketBeneath | undefined =>
  (conn.transport as { socket?: WebSocketBeneath }).socket;
