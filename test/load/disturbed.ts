import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import type { Person } from '../harness/people';
import { checkpoint } from './checkpoint';
import { lengthen } from './history';
import type { Scenario } from './scenario';
import type { VecheTarget } from './targets';
import { type Figures, traffic } from './traffic';

/** Something happens to one room while people write in all the others. */
interface Disturbance {
  readonly key: string;
  readonly name: string;
  /** Before anything is measured. */
  prepare(url: string, owner: Person, roomId: string): Promise<void>;
  happen(url: string, owner: Person, roomId: string): Promise<void>;
}

const ENTRIES = 1_000_000;
const LOCKED_MS = 5_000;
const BEFORE_MS = 2_000;
const SECONDS = 8;

export const DISTURBANCES: readonly Disturbance[] = [
  {
    key: 'h',
    name: 'one room locked for 5 s, with messages for it',
    prepare: async () => undefined,
    happen: async (url, owner, roomId) => {
      const client = new Client({ connectionString: url });
      await client.connect();
      try {
        await client.query('BEGIN');
        await client.query('SELECT FROM chat.rooms WHERE bucket = chat.bucket($1) AND id = $1 FOR UPDATE', [
          roomId,
        ]);
        const sent = Promise.all(Array.from({ length: 20 }, (_, i) => owner.send(roomId, `held ${i}`)));
        await pause(LOCKED_MS);
        await client.query('COMMIT');
        await sent;
      } finally {
        await client.end();
      }
    },
  },
  {
    key: 'i',
    name: `a room of ${ENTRIES.toLocaleString('en-US')} entries deleted`,
    prepare: (url, owner, roomId) => lengthen(url, roomId, owner.id, ENTRIES),
    happen: async (_url, owner, roomId) => {
      await owner.rest.delete(`/rooms/${roomId}`);
    },
  },
];

const OTHERS: Scenario = {
  ...{ key: 'others', name: 'rooms of 10, 200 sends a second', clients: 500 },
  ...{ roomSize: 10, writers: 2, rate: 200, window: 1 },
};

/** How everybody else fares meanwhile. */
export const disturbed = async (
  target: VecheTarget,
  url: string,
  { key, prepare, happen }: Disturbance,
): Promise<Figures & { key: string }> => {
  const [owner] = await target.atLeast(1);
  if (!owner) throw new Error('there is nobody');
  const { id } = await owner.createRoom('private');
  await prepare(url, owner, id);
  // what was prepared is on the disk before anything is measured
  await checkpoint(url);
  const measured = traffic(target, OTHERS, { seconds: SECONDS, generators: 1 });
  await pause(BEFORE_MS);
  const [figures] = await Promise.all([measured, happen(url, owner, id)]);
  return { ...figures, key };
};
