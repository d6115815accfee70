import type { Socket as TcpSocket } from 'node:net';
import type { Receiver } from './frames';
import { inOneWrite } from './one-write';

/** What a client may leave unread in our memory before it is sent away to catch up later. */
export const MAX_QUEUED_BYTES = 1024 * 1024;
/** How long a connection that was told to go may take to read what it was told. */
export const PARTING_MS = 500;
/** The longest message, with every character escaped in JSON, and then some. */
export const MAX_FRAME_BYTES = 64 * 1024;
/** RFC 6455, 7.4.1 and its registry: try again later. */
export const TRY_AGAIN_LATER = 1013;

/** What carries one connection. */
export interface Transport extends Receiver {
  readonly open: boolean;
  /** Called once. @param tooSlow is told how much the client has left unread, when that is too much */
  begin(tooSlow: (queuedBytes: number) => void): void;
  /** Closes it behind what was written, and for certain within a moment. */
  close(): void;
  /** Breaks it without a word of ours, so that the client comes back by itself and catches up. */
  reset(): void;
  closeAsTooSlow(): void;
  /** What is left to do when it is gone, for whatever reason. */
  closed(): void;
}

/**
 * Holds what is written to a connection until this turn is over, where it is not held yet.
 * @returns what is unread, where that is more than a client may leave; looked at before this turn's share: one large
 *   batch makes nobody slow
 */
export const holdTurn = (tcp: TcpSocket): number =>
  inOneWrite(tcp) && tcp.writableLength > MAX_QUEUED_BYTES ? tcp.writableLength : 0;
