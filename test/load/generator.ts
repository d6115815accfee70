import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { inTurns } from '../harness/waiting';
import { Histogram } from './histogram';
import type { Scenario, Seat } from './scenario';
import { WireClient } from './wire-client';

export interface Job {
  seats: readonly Seat[];
  scenario: Scenario;
  /** This process's part of the rate. */
  rate?: number;
  warmupMs: number;
  measureMs: number;
}

export interface Counted {
  /** How long it was measured. */
  ms: number;
  /** Processor time meanwhile. */
  busyMs: number;
  delivered: number;
  acknowledged: [number, number][];
  /** How long a part of the deliveries took. */
  arrived: [number, number][];
  refused: number;
  lostConnections: number;
}

/** One of so many deliveries is looked into: how long it took. */
const SAMPLE = 32;
const TEXT = Buffer.from('"text":"');

/** The same in every process of this machine. */
const clock = (): number => performance.timeOrigin + performance.now();
/** As long as people's messages are, and beginning with the moment at which it was sent. */
const text = (): string => `${clock().toFixed(3)} ${'and so on '.repeat(8)}`;

const run = async ({ seats, scenario, rate, warmupMs, measureMs }: Job): Promise<Counted> => {
  let acknowledged = new Histogram();
  let arrived = new Histogram();
  let delivered = 0;
  let refused = 0;
  let lostConnections = 0;
  let on = true;
  const heard = {
    event: (payload: Buffer) => {
      if (++delivered % SAMPLE > 0) return;
      const at = payload.indexOf(TEXT);
      if (at === -1) return;
      arrived.add(
        clock() - Number.parseFloat(payload.toString('latin1', at + TEXT.length, at + TEXT.length + 20)),
      );
    },
    closed: () => {
      if (on) lostConnections++;
    },
  };
  const clients = await inTurns(seats, 64, ({ gateway, token }) => WireClient.open(gateway, token, heard));
  if (scenario.looks)
    await inTurns([...clients.entries()], 64, ([i, client]) =>
      client.call('room:enter', { roomId: seats[i]!.roomId }),
    );
  const send = async (client: WireClient, roomId: string): Promise<void> => {
    const from = performance.now();
    const message = { roomId, text: text(), clientId: randomUUID() };
    const answer = await client.call('message:send', message).catch(() => 'lost');
    if (answer.startsWith('[{"ok":true')) acknowledged.add(performance.now() - from);
    else refused++;
  };

  const writers = seats.flatMap((seat, i) =>
    seat.writes ? [{ roomId: seat.roomId, client: clients[i]! }] : [],
  );
  const waiting = new Set<Promise<void>>();
  const pacing = async (perSecond: number): Promise<void> => {
    const began = performance.now();
    for (let n = 0; on; n++) {
      const due = began + (n * 1000) / perSecond;
      const early = due - performance.now();
      if (early > 1) await pause(early);
      const writer = writers[n % writers.length];
      if (!writer) return;
      const sent = send(writer.client, writer.roomId).finally(() => waiting.delete(sent));
      waiting.add(sent);
    }
  };
  const lane = async ({ client, roomId }: (typeof writers)[number]): Promise<void> => {
    while (on) await send(client, roomId);
  };
  const work =
    rate === undefined
      ? writers.flatMap((w) => Array.from({ length: scenario.window }, () => lane(w)))
      : [pacing(rate)];

  await pause(warmupMs);
  acknowledged = new Histogram();
  arrived = new Histogram();
  delivered = 0;
  process.send?.('measuring');
  const from = performance.now();
  const cpu = process.cpuUsage();
  await pause(measureMs);
  const { user, system } = process.cpuUsage(cpu);
  const counted = {
    ms: performance.now() - from,
    busyMs: (user + system) / 1000,
    delivered,
    acknowledged: acknowledged.toJSON(),
    arrived: arrived.toJSON(),
    refused,
    lostConnections,
  };
  on = false;
  await Promise.race([Promise.all([...work, ...waiting]), pause(10_000)]);
  clients.forEach((c) => c.close());
  return counted;
};

process.once('message', (job: Job) => {
  run(job).then(
    (counted) => process.send?.({ counted }),
    (error: Error) => process.send?.({ failed: error.stack ?? error.message }),
  );
});
process.on('disconnect', () => process.exit());
