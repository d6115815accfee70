import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '@veche/testing';
import { inTurns } from '../harness/waiting';
import type { Seat } from './scenario';
import { WireClient } from './wire-client';

export interface IdleJob {
  readonly seats: readonly Seat[];
  /** Whether the server has a log to catch up from. */
  readonly syncs: boolean;
}

/** Said by the generator in this order; after `connected` it waits for `go`. */
export type IdleNews =
  | { readonly connected: { readonly seconds: number } }
  | { readonly whole: { readonly seconds: number; readonly connections: number } };

/** As socket.io-client waits by default: a second, doubling up to five, each half as long or half as long again. */
const delayMs = (attempt: number): number => Math.min(5_000, 1_000 * 2 ** attempt) * (0.5 + Math.random());
const WHOLE_WITHIN_MS = 120_000;

/** One that stays away from nothing: it comes back by itself, and catches up with its room. */
class Device {
  whole = false;
  private client?: WireClient;
  private attempt = 0;
  /** The number of the last entry that it holds. */
  private seq = 0;

  constructor(
    private readonly seat: Seat,
    private readonly syncs: boolean,
  ) {}

  async connect(): Promise<void> {
    this.client = await WireClient.open(this.seat.gateway, this.seat.token, {
      event: () => undefined,
      closed: () => void this.comeBack(),
    });
    if (this.syncs) this.seq = await this.sync(this.client);
    this.whole = true;
    this.attempt = 0;
  }

  send(): Promise<string> {
    const { roomId } = this.seat;
    return this.client!.call('message:send', { roomId, text: 'while you were away', clientId: randomUUID() });
  }

  private async comeBack(): Promise<void> {
    this.whole = false;
    await pause(delayMs(this.attempt++));
    await this.connect().catch(() => undefined);
  }

  /** @returns the number of the log's last entry, once everything up to it was got */
  private async sync(client: WireClient): Promise<number> {
    const { roomId } = this.seat;
    const answer = await client.call('sync', { rooms: { [roomId]: this.seq } });
    const [{ rooms }] = JSON.parse(answer) as [
      { rooms: Record<string, { lastSeq: number; complete: boolean }> },
    ];
    const room = rooms[roomId];
    if (!room?.complete) throw new Error(`not caught up: ${answer.slice(0, 200)}`);
    return room.lastSeq;
  }
}

const say = (news: IdleNews): void => void process.send?.(news);
const went = (): Promise<void> =>
  new Promise((resolve) => {
    process.once('message', () => resolve());
  });

const run = async ({ seats, syncs }: IdleJob): Promise<void> => {
  const devices = seats.map((seat) => new Device(seat, syncs));
  const began = performance.now();
  await inTurns(devices, 64, (device) => device.connect());
  say({ connected: { seconds: (performance.now() - began) / 1000 } });
  await went();
  // the last that is said before the server goes: not every device will have heard it
  if (syncs) await Promise.all(devices.filter((_, i) => seats[i]?.writes).map((device) => device.send()));
  const from = performance.now();
  process.send?.('said');
  await eventually(() => devices.every((device) => !device.whole) || undefined, { within: 30_000 });
  await eventually(() => devices.every((device) => device.whole), { within: WHOLE_WITHIN_MS });
  say({ whole: { seconds: (performance.now() - from) / 1000, connections: devices.length } });
};

process.once('message', (job: IdleJob) => {
  run(job).catch((error: Error) => process.send?.({ failed: error.stack ?? error.message }));
});
process.on('disconnect', () => process.exit());
