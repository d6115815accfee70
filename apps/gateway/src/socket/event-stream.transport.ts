import type { ServerResponse } from 'node:http';
import type { Frames } from './frames';
import { holdTurn, MAX_QUEUED_BYTES, PARTING_MS, type Transport } from './transport';

/** Well below the time after which a silent connection is closed. */
const HEARTBEAT_MS = 15_000;
const COMMENT = ':\n\n';

/** An answer that goes on for as long as its reader stays. Its head has been written. */
export class EventStreamTransport implements Transport {
  private tooSlow: (queuedBytes: number) => void = () => undefined;
  private readonly heartbeat: NodeJS.Timeout;

  constructor(private readonly answer: ServerResponse) {
    this.heartbeat = setInterval(() => this.put(COMMENT), HEARTBEAT_MS).unref();
  }

  begin(tooSlow: (queuedBytes: number) => void): void {
    this.tooSlow = tooSlow;
  }

  get open(): boolean {
    return !this.answer.writableEnded && !this.answer.destroyed;
  }

  write(frames: Frames): void {
    this.put(frames.streamedBytes);
  }

  close(): void {
    this.answer.end();
    setTimeout(() => this.answer.destroy(), PARTING_MS).unref();
  }

  reset(): void {
    this.close();
  }

  closeAsTooSlow(): void {
    this.answer.destroy();
  }

  closed(): void {
    clearInterval(this.heartbeat);
  }

  private put(bytes: Buffer | string): void {
    if (!this.open) return;
    // there is none yet where an answer before it on the same connection is not over
    const { socket } = this.answer;
    const unread = socket ? holdTurn(socket) : this.answer.writableLength;
    if (unread > MAX_QUEUED_BYTES) return this.tooSlow(unread);
    this.answer.write(bytes);
  }
}
