import type { Socket as TcpSocket } from 'node:net';
import { WebSocket } from 'ws';
import type { Frames } from './frames';
import { holdTurn, PARTING_MS, type Transport, TRY_AGAIN_LATER } from './transport';

/** RFC 6455, 7.4.1 and its registry: service restart. */
export const SERVICE_RESTART = 1012;
/** Refused, for a reason that is no fault of the protocol. */
export const POLICY_VIOLATION = 1008;

/** Closes it, and for certain within a moment: a peer that does not answer the closing would keep its buffer for long. */
export const closeForCertain = (socket: WebSocket, code: number, reason: string): void => {
  socket.close(code, reason);
  setTimeout(() => socket.terminate(), PARTING_MS).unref();
};

/** A WebSocket without a protocol of others above it. */
export class WebSocketTransport implements Transport {
  private tooSlow: (queuedBytes: number) => void = () => undefined;
  private readonly tcp: TcpSocket;

  constructor(private readonly socket: WebSocket) {
    // `ws` has no public way to it
    this.tcp = (socket as unknown as { _socket: TcpSocket })._socket;
  }

  begin(tooSlow: (queuedBytes: number) => void): void {
    this.tooSlow = tooSlow;
  }

  get open(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  write(frames: Frames): void {
    if (!this.open) return;
    const unread = holdTurn(this.tcp);
    if (unread > 0) return this.tooSlow(unread);
    this.tcp.write(frames.plainBytes);
  }

  close(): void {
    closeForCertain(this.socket, POLICY_VIOLATION, 'session ended');
  }

  reset(): void {
    closeForCertain(this.socket, SERVICE_RESTART, 'connect again');
  }

  closeAsTooSlow(): void {
    closeForCertain(this.socket, TRY_AGAIN_LATER, 'too slow');
  }

  closed(): void {
    this.tooSlow = () => undefined;
  }
}
