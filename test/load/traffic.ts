import { join } from 'node:path';
import { forkTypeScript, nextMessage } from '../harness/fork';
import type { Counted, Job } from './generator';
import { Histogram } from './histogram';
import { processorTime } from './processor-time';
import type { Scenario, Seat } from './scenario';
import type { Target } from './targets';

/** What was seen of one target in one scenario. */
export interface Figures {
  readonly target: string;
  readonly scenario: string;
  readonly sendsPerSecond: number;
  readonly deliveriesPerSecond: number;
  /** Milliseconds until the sender is answered. */
  readonly acknowledged: { p50: number; p99: number };
  /** Milliseconds until a member has it. */
  readonly delivered: { p50: number; p99: number };
  /** Of one processor. */
  readonly serverBusy: number;
  readonly generatorBusy: number;
  readonly refused: number;
  readonly lostConnections: number;
}

const WARM_UP_MS = 1_500;

/** A room's people share a generator, so that each process has whole rooms. */
const divide = (seats: readonly Seat[], parts: number, roomSize: number): Seat[][] =>
  Array.from({ length: parts }, (_, p) =>
    seats.filter((_s, i) => Math.floor(i / roomSize) % parts === p),
  ).filter((part) => part.length > 0);

const percentiles = (parts: readonly [number, number][][]): { p50: number; p99: number } => {
  const whole = new Histogram();
  for (const part of parts) whole.merge(Histogram.from(part));
  return { p50: whole.quantile(0.5), p99: whole.quantile(0.99) };
};

/** Runs a scenario against a target, from processes of their own. */
export const traffic = async (
  target: Target,
  scenario: Scenario,
  { seconds, generators }: { seconds: number; generators: number },
): Promise<Figures> => {
  const seats = await target.seats(scenario);
  let busyBefore = NaN;
  const counted = await Promise.all(
    divide(seats, generators, scenario.roomSize).map(async (part) => {
      const child = forkTypeScript(join(__dirname, 'generator.ts'));
      const job: Job = {
        seats: part,
        scenario,
        rate: scenario.rate === undefined ? undefined : (scenario.rate * part.length) / seats.length,
        warmupMs: WARM_UP_MS,
        measureMs: seconds * 1_000,
      };
      try {
        const measuring = nextMessage(child);
        child.send(job);
        await measuring;
        busyBefore = processorTime(target.pid);
        return (await nextMessage<{ counted: Counted }>(child)).counted;
      } finally {
        child.kill();
      }
    }),
  );
  const measured = Math.max(...counted.map((c) => c.ms));
  const serverBusy = (processorTime(target.pid) - busyBefore) / measured;
  const sum = (of: (c: Counted) => number): number => counted.reduce((total, c) => total + of(c), 0);
  return {
    target: target.name,
    scenario: scenario.name,
    sendsPerSecond: (sum((c) => Histogram.from(c.acknowledged).total) / measured) * 1000,
    deliveriesPerSecond: (sum((c) => c.delivered) / measured) * 1000,
    acknowledged: percentiles(counted.map((c) => c.acknowledged)),
    delivered: percentiles(counted.map((c) => c.arrived)),
    serverBusy,
    generatorBusy: sum((c) => c.busyMs / c.ms),
    refused: sum((c) => c.refused),
    lostConnections: sum((c) => c.lostConnections),
  };
};
