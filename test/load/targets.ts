import { eventually, freePort } from '@veche/testing';
import { join } from 'node:path';
import { buildWhenStale, ROOT } from '../harness/build';
import { crowd, type Person } from '../harness/people';
import { ServerProcess } from '../harness/server-process';
import { newFolder, type Shape, Veche } from '../harness/veche';
import { inTurns } from '../harness/waiting';
import type { Scenario, Seat } from './scenario';

/** A server under load. */
export interface Target {
  readonly name: string;
  /** Everybody in place for a scenario, in rooms of their own. */
  seats(scenario: Scenario, clients: number): Promise<Seat[]>;
  stop(): Promise<void>;
}

const TARGETS = { bare, veche };
export type TargetName = keyof typeof TARGETS;
export const isTargetName = (name: string): name is TargetName => Object.hasOwn(TARGETS, name);
export const startTarget = (name: TargetName, clients: number): Promise<Target> => TARGETS[name](clients);

async function bare(): Promise<Target> {
  const port = await freePort();
  const gateway = `http://127.0.0.1:${port}`;
  const server = ServerProcess.start(
    'bare',
    process.execPath,
    ['-r', join(ROOT, 'test/harness/register.cjs'), join(__dirname, 'bare-server.ts')],
    { folder: newFolder(), env: { PORT: String(port), NODE_ENV: 'production' } },
  );
  await eventually(() => fetch(`${gateway}/socket.io/`).then(() => true), { within: 20_000 });
  return {
    name: 'bare Socket.IO, nothing stored',
    seats: async ({ roomSize, writers }, clients) =>
      Array.from({ length: clients }, (_, i) => {
        const room = `room-${Math.floor(i / roomSize)}`;
        return { gateway, token: room, roomId: room, writes: i % roomSize < writers };
      }),
    stop: () => server.stop(),
  };
}

/** One process: on PostgreSQL where a server is given, on the embedded database otherwise. */
async function veche(clients: number): Promise<Target> {
  process.env.TEST_DATABASE_URL ??= process.env.DATABASE_URL;
  const shape: Shape = process.env.TEST_DATABASE_URL ? 'postgres' : 'embedded';
  buildWhenStale();
  const server = await Veche.start(shape, { redisUrl: '', env: { LOG_LEVEL: 'warn' } });
  const people = await crowd(server.doors, clients);
  const roomOf = async (group: readonly Person[]): Promise<string> => {
    const [first, ...others] = group as [Person, ...Person[]];
    return (await first.createRoom('private', others)).id;
  };
  return {
    name: shape === 'postgres' ? 'Veche, one process, PostgreSQL' : 'Veche, one process, embedded database',
    seats: async ({ roomSize, writers }) => {
      const groups = Array.from({ length: Math.ceil(people.length / roomSize) }, (_, r) =>
        people.slice(r * roomSize, (r + 1) * roomSize),
      );
      const seated = await inTurns(groups, 8, async (group) => {
        const roomId = await roomOf(group);
        return group.map((person, i) => ({
          gateway: person.rest.gateway,
          token: person.token,
          roomId,
          writes: i < writers,
        }));
      });
      return seated.flat();
    },
    stop: async () => {
      await server.stop();
      await server.destroy();
    },
  };
}
