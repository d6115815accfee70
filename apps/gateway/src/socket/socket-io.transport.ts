import type { Socket as TcpSocket } from 'node:net';
import type { Socket } from 'socket.io';
import type { Frames } from './frames';
import { holdTurn, MAX_QUEUED_BYTES, PARTING_MS, type Transport, TRY_AGAIN_LATER } from './transport';

// there is nothing to gain in compressing small frames, and polling would do so
const WRITE_OPTIONS = { compress: false };

/** An EVENT packet of the Socket.IO protocol: the name of a call, its payload, and a number if it wants an answer. */
export interface CallPacket {
  readonly data: readonly [name: string, ...payload: unknown[]];
  readonly id?: number;
}

/** A socket of the namespace, by whatever Engine.IO has beneath it. */
export class SocketIoTransport implements Transport {
  private tooSlow: (queuedBytes: number) => void = () => undefined;
  /** What Engine.IO was given and has not handed on yet. */
  private queuedBytes = 0;

  constructor(private readonly socket: Socket) {}

  begin(tooSlow: (queuedBytes: number) => void): void {
    this.tooSlow = tooSlow;
    // its own packets, acknowledgements before all, leave with ours
    this.socket.conn.on('flush', this.hold);
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
    if (this.queuedBytes > MAX_QUEUED_BYTES) this.tooSlow(this.queuedBytes);
  }

  close(): void {
    this.socket.disconnect(true);
    this.closeForCertain();
  }

  reset(): void {
    this.socket.conn.close();
    this.closeForCertain();
  }

  closeAsTooSlow(): void {
    const { conn } = this.socket;
    // Engine.IO closes without a reason
    webSocketOf(conn)?.close(TRY_AGAIN_LATER, 'too slow');
    conn.close(true);
    this.closeForCertain();
  }

  closed(): void {
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
    const unread = tcp ? holdTurn(tcp) : 0;
    if (unread > 0) this.tooSlow(unread);
  };

  private closeForCertain(): void {
    const { conn } = this.socket;
    setTimeout(() => {
      conn.close(true);
      // a peer that does not answer the closing would keep its buffer, and the server from closing, for long
      webSocketOf(conn)?.terminate();
    }, PARTING_MS).unref();
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
