import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { forkTypeScript, nextMessage } from '../harness/fork';
import type { IdleJob, IdleNews } from './idle-generator';
import { memoryOf } from './memory';
import type { Seat } from './scenario';
import { type Target, VecheTarget } from './targets';

export interface IdleFigures {
  readonly target: string;
  readonly connections: number;
  /** That are in use. */
  readonly bytesPerConnection: number;
  /** By which the process has grown. */
  readonly residentBytesPerConnection: number;
  readonly connectsPerSecond: number;
  /** From the moment when the server is told to leave until the last device has come back and holds everything. */
  readonly secondsUntilWhole: number;
}

const CONNECTIONS = 10_000;
const ROOM = 100;
/** What a process allocates once, whoever comes, it has allocated after these. */
const FIRST = 200;
const SETTLE_MS = 5_000;

type Said<K extends string> = Extract<IdleNews, Record<K, unknown>>;

const idleGenerator = (seats: readonly Seat[], syncs: boolean) => {
  const child = forkTypeScript(join(__dirname, 'idle-generator.ts'));
  child.send({ seats, syncs } satisfies IdleJob);
  return child;
};

/** Ten thousand devices that say nothing: what they cost, and how long a restart keeps them away. */
export const idle = async (target: Target): Promise<IdleFigures> => {
  const syncs = target instanceof VecheTarget;
  const seats = await target.seats({ clients: CONNECTIONS, roomSize: ROOM, writers: 1, devices: 2 });
  await target.restart();
  const first = idleGenerator(seats.slice(0, FIRST), syncs);
  await nextMessage(first);
  first.kill();
  await pause(SETTLE_MS);
  const before = await memoryOf(target.pid);

  const child = idleGenerator(seats, syncs);
  try {
    const { connected } = await nextMessage<Said<'connected'>>(child);
    await pause(SETTLE_MS);
    const after = await memoryOf(target.pid);
    child.send('go');
    await nextMessage(child);
    const restarting = target.restart();
    const { whole } = await nextMessage<Said<'whole'>>(child);
    await restarting;
    return {
      target: target.name,
      connections: CONNECTIONS,
      bytesPerConnection: (after.used - before.used) / CONNECTIONS,
      residentBytesPerConnection: (after.resident - before.resident) / CONNECTIONS,
      connectsPerSecond: CONNECTIONS / connected.seconds,
      secondsUntilWhole: whole.seconds,
    };
  } finally {
    child.kill();
  }
};
