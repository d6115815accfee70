import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import { inTurns } from '../harness/waiting';
import { Histogram } from './histogram';
import type { Scenario, Seat } from './scenario';

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
  acknowledged: [number, number][];
  delivered: [number, number][];
  refused: number;
  lostConnections: number;
}

/** The same in every process of this machine. */
const clock = (): number => performance.timeOrigin + performance.now();
/** As long as people's messages are, and beginning with the moment at which it was sent. */
const text = (): string => `${clock().toFixed(3)} ${'and so on '.repeat(8)}`;

const connect = (seat: Seat): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = io(`${seat.gateway}/chat`, {
      auth: { token: seat.token },
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
    });
    socket.once('ready', () => resolve(socket));
    socket.once('connect_error', reject);
  });

const run = async ({ seats, scenario, rate, warmupMs, measureMs }: Job): Promise<Counted> => {
  let acknowledged = new Histogram();
  let delivered = new Histogram();
  let refused = 0;
  let lostConnections = 0;
  let on = true;
  const sockets = await inTurns(seats, 16, connect);
  for (const socket of sockets) {
    socket.on('event', (entry: { text: string }) => delivered.add(clock() - Number.parseFloat(entry.text)));
    socket.on('disconnect', () => on && lostConnections++);
  }
  const send = async (socket: Socket, roomId: string): Promise<void> => {
    const from = performance.now();
    const message = { roomId, text: text(), clientId: randomUUID() };
    const answer = (await socket.timeout(30_000).emitWithAck('message:send', message)) as { ok: boolean };
    if (answer.ok) acknowledged.add(performance.now() - from);
    else refused++;
  };

  const writers = seats.flatMap((seat, i) =>
    seat.writes ? [{ roomId: seat.roomId, socket: sockets[i]! }] : [],
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
      const sent = send(writer.socket, writer.roomId).finally(() => waiting.delete(sent));
      waiting.add(sent);
    }
  };
  const lane = async ({ socket, roomId }: (typeof writers)[number]): Promise<void> => {
    while (on) await send(socket, roomId);
  };
  const work =
    rate === undefined
      ? writers.flatMap((w) => Array.from({ length: scenario.window }, () => lane(w)))
      : [pacing(rate)];

  await pause(warmupMs);
  acknowledged = new Histogram();
  delivered = new Histogram();
  const from = performance.now();
  await pause(measureMs);
  const counted = {
    ms: performance.now() - from,
    acknowledged: acknowledged.toJSON(),
    delivered: delivered.toJSON(),
    refused,
    lostConnections,
  };
  on = false;
  await Promise.all([...work, ...waiting]);
  sockets.forEach((s) => s.close());
  return counted;
};

process.once('message', (job: Job) => {
  run(job).then(
    (counted) => process.send?.({ counted }),
    (error: Error) => process.send?.({ failed: error.stack ?? error.message }),
  );
});
process.on('disconnect', () => process.exit());
