import { Logger } from '@nestjs/common';
import type { UserPrincipal } from '@veche/access';
import { AppError } from '@veche/errors';
import type { Authenticator } from '@veche/rpc';
import type { Socket } from 'socket.io';
import type { Subscription } from 'rxjs';
import { type Frame, frame, type Receiver } from './frames';

/** What a client may leave unread in our memory before it is sent away to catch up later. */
const MAX_QUEUED_BYTES = 1024 * 1024;
/** How long a connection that was told to go may take to read what it was told. */
const PARTING_MS = 500;
/** RFC 6455, 7.4.1 and its registry: try again later. */
const TRY_AGAIN_LATER = 1013;

// there is nothing to gain in compressing small frames, and polling would do so
const WRITE_OPTIONS = { compress: false };

const log = new Logger('Sockets');

/** One device's connection to the namespace, for as long as its session and its access token are good. */
export class Connection implements Receiver {
  /** Whether it was told its rooms: before that it gets nothing. */
  ready = false;
  private who: UserPrincipal;
  private accessToken: string;
  private watch?: Subscription;
  private queuedBytes = 0;

  constructor(
    private readonly socket: Socket,
    private readonly authenticator: Authenticator,
    principal: UserPrincipal,
    token: string,
  ) {
    this.who = principal;
    this.accessToken = token;
    this.watchSession();
    // what the transport has not taken yet; both events are part of Engine.IO's interface
    socket.conn.on('packetCreate', this.queued).on('drain', this.drained);
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

  write(frame: Frame): void {
    if (!this.socket.connected) return;
    this.socket.conn.write(frame, WRITE_OPTIONS);
    if (this.queuedBytes > MAX_QUEUED_BYTES) this.closeAsTooSlow();
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
    this.watchSession();
  }

  /** Breaks the transport without a word of ours, so that the client comes back by itself and catches up. */
  reset(): void {
    this.socket.conn.close();
    this.closeForCertain();
  }

  /** What is left to do when the socket is gone, for whatever reason. */
  closed(): void {
    this.watch?.unsubscribe();
    // a client may leave the namespace and enter it again on the same transport
    this.socket.conn.off('packetCreate', this.queued).off('drain', this.drained);
  }

  private readonly queued = ({ data }: { data?: unknown }): void => {
    if (typeof data === 'string') this.queuedBytes += data.length;
  };

  private readonly drained = (): void => {
    this.queuedBytes = 0;
  };

  private watchSession(): void {
    this.watch?.unsubscribe();
    this.watch = this.authenticator.whileValid(this.who).subscribe({
      error: (error: unknown) => this.end(error),
    });
  }

  private end(error: unknown): void {
    const { code, data } = error instanceof AppError ? error : new AppError('internal');
    this.write(frame('session:ended', { reason: (code === 'session_ended' && data.detail) || code }));
    this.socket.disconnect(true);
    this.closeForCertain();
  }

  private closeForCertain(): void {
    const { conn } = this.socket;
    setTimeout(() => {
      conn.close(true);
      // a peer that does not answer the closing would keep its buffer, and the server from closing, for long
      webSocketOf(conn)?.terminate();
    }, PARTING_MS).unref();
  }

  private closeAsTooSlow(): void {
    const { conn } = this.socket;
    log.warn({ userId: this.who.userId, queuedBytes: this.queuedBytes }, 'closed a connection: too slow');
    // Engine.IO closes without a reason
    webSocketOf(conn)?.close(TRY_AGAIN_LATER, 'too slow');
    conn.close(true);
    this.closeForCertain();
  }
}

interface WebSocketBeneath {
  close(code: number, reason: string): void;
  terminate(): void;
}

/** The WebSocket beneath a transport, where it is one. */
const webSocketOf = (conn: Socket['conn']): WebSocketBeneath | undefined =>
  (conn.transport as { socket?: WebSocketBeneath }).socket;
