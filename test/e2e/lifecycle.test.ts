import { eventually } from '@veche/testing';
import { randomUUID } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { Person } from '../harness/people';
import { shapeOfRun, Veche } from '../harness/veche';
import { within } from '../harness/waiting';
import type { Items, Room, RoomOverview } from '../harness/wire';

const shape = shapeOfRun();

/** Starts what cannot start. Its output, once it has ended by itself. */
const failedStart = async (env: Record<string, string>): Promise<string> => {
  const veche = await Veche.prepare(shape, { env });
  try {
    const [first] = veche.spawn(1);
    if (!first) throw new Error('nothing was started');
    const { code } = await within(30_000, 'ending by itself', first.exited);
    expect(code).toBeGreaterThan(0);
    return first.output;
  } finally {
    await veche.destroy();
  }
};

describe('a new server', () => {
  let veche: Veche, people: Person[], room: Room;
  beforeAll(async () => {
    veche = await Veche.start(shape, { ownKey: true });
    people = [await Person.register(veche.doors, 'first'), await Person.register(veche.doors, 'second')];
    room = await people[0]!.createRoom('private', people.slice(1));
  });
  afterAll(() => veche.destroy(), 30_000);

  /** Both write as fast as they are answered, until `end` has ended the server. What was acknowledged. */
  const writeUntil = async (end: () => Promise<void>): Promise<Map<string, number>> => {
    const acknowledged = new Map<string, number>();
    const lanes = people.map(async (person) => {
      const socket = await person.socket();
      while (socket.io.connected) {
        const clientId = randomUUID();
        try {
          acknowledged.set(clientId, (await socket.send(room.id, 'text', clientId)).seq);
        } catch (error) {
          // what was under way when the connection went was not acknowledged
          if (socket.io.connected && (error as { code?: string }).code !== 'unavailable') throw error;
        }
      }
    });
    await eventually(() => acknowledged.size >= 100);
    await end();
    await Promise.all(lanes);
    return acknowledged;
  };

  /** Starts again on what is left: the log is whole, holds all of it, and goes on where it ended. */
  const keptAll = async (acknowledged: Map<string, number>): Promise<void> => {
    await veche.launch();
    const log = await people[1]!.log(room.id);
    expect(log.map((e) => e.seq)).toEqual(log.map((_, i) => i + 1));
    const lost = [...acknowledged].filter(([clientId, seq]) => log[seq - 1]?.clientId !== clientId);
    expect(lost).toEqual([]);
    expect((await people[0]!.send(room.id, 'after')).seq).toBe(log.length + 1);
  };

  test('makes its first account the admin, and says so in its log', () => {
    expect(people.map((p) => p.user.role)).toEqual(['admin', 'user']);
    const name = people[0]!.username;
    const said = veche.logs.split('\n').filter((line) => line.includes(name) && line.includes('admin'));
    expect(said).toHaveLength(1);
  });

  test('makes a key to sign with, which no other user of the machine can read', () => {
    expect(existsSync(veche.doors.keyFile)).toBe(true);
    expect(statSync(veche.doors.keyFile).mode & 0o077).toBe(0);
  });

  test('keeps what it acknowledged when it is told to leave while people write', async () => {
    await keptAll(await writeUntil(() => veche.stop()));
  });

  test('keeps what it acknowledged when it is killed while people write', async () => {
    await keptAll(await writeUntil(() => veche.kill()));
  });

  if (shape === 'embedded')
    test('has its data folder for itself: another server on it is refused, and it goes on', async () => {
      const output = await failedStart({ DATA_DIR: veche.doors.dataDir });
      expect(output).toContain('DATA_DIR');
      const before = await people[0]!.rest.get<Items<RoomOverview>>('/rooms');
      await people[0]!.send(room.id, 'undisturbed');
      await veche.stop();
      await veche.launch();
      const after = await people[0]!.rest.get<Items<RoomOverview>>('/rooms');
      expect(after.items[0]?.lastSeq).toBe(before.items[0]!.lastSeq + 1);
    });
});

describe('a start', () => {
  test('with bad configuration stops and names every variable of it, and shows no value', async () => {
    const bad = {
      PORT: 'hunter2-port',
      REDIS_URL: 'http://user:hunter2-secret@127.0.0.1',
      AUTH_DATABASE_URL: 'mysql://user:hunter2-secret@127.0.0.1/db',
      SERVICE_TOKEN: 'hunter2-short',
      ACCESS_TOKEN_TTL: '-1.5',
      AUTH_GRPC_URL: 'hunter2-nowhere',
      REGISTRATION: 'hunter2-maybe',
      APPS: 'hunter2 with spaces',
      LOG_LEVEL: 'hunter2-loud',
    };
    const output = await failedStart(bad);
    expect(Object.keys(bad).filter((name) => !output.includes(name))).toEqual([]);
    expect(output).not.toMatch(/hunter2|-1\.5/);
  });

  test('with a key that is not there stops and names what was to be read', async () => {
    const output = await failedStart({ JWT_PRIVATE_KEY_FILE: '/nowhere/private.pem' });
    expect(output).toContain('JWT_PRIVATE_KEY_FILE: /nowhere/private.pem');
  });

  test('with a misspelt variable stops and says which one was meant', async () => {
    const output = await failedStart({
      DATABSE_URL: 'postgres://hunter2@127.0.0.1/db',
      REDIS_URI: 'hunter2',
    });
    expect(output).toContain('DATABSE_URL is unknown: is it DATABASE_URL?');
    expect(output).toContain('REDIS_URI is unknown: is it REDIS_URL?');
    expect(output).not.toContain('hunter2');
  });

  if (shape === 'embedded')
    test.each([
      ['AUTH', 'CHAT'],
      ['CHAT', 'AUTH'],
    ])(
      'with a database for %s alone stops: the rest would go elsewhere without a word',
      async (set, missing) => {
        const output = await failedStart({ [`${set}_DATABASE_URL`]: 'postgres://127.0.0.1:1/db' });
        expect(output).toContain(`${missing}_DATABASE_URL must be set where ${set}_DATABASE_URL is`);
      },
      60_000,
    );

  if (shape === 'micro')
    test('of a service without its credential stops and names it', async () => {
      expect(await failedStart({ SERVICE_TOKEN: '' })).toContain('SERVICE_TOKEN');
    });
});
