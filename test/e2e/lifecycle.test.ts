import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Person } from '../harness/people';
import { Socket } from '../harness/socket';
import { newFolder, shapeOfRun, Veche } from '../harness/veche';
import { within } from '../harness/waiting';
import type { Room, User } from '../harness/wire';

const shape = shapeOfRun();
const running: Veche[] = [];
const started = async (settings?: Parameters<typeof Veche.start>[1]): Promise<Veche> => {
  const veche = await Veche.start(shape, settings);
  running.push(veche);
  return veche;
};
afterEach(async () => {
  await Promise.all(running.splice(0).map((v) => v.destroy()));
});

/** Several people write as fast as they are answered, until the server is gone. What was acknowledged. */
const writeUntilGone = (
  people: readonly Person[],
  room: Room,
): { acknowledged: Map<string, number>; gone: Promise<void> } => {
  const acknowledged = new Map<string, number>();
  const lanes = people.map(async (person) => {
    const socket = await person.socket();
    while (socket.io.connected) {
      const clientId = randomUUID();
      try {
        const entry = await socket.send(room.id, `by ${person.username}`, clientId);
        acknowledged.set(clientId, entry.seq);
      } catch (error) {
        // told to reconnect elsewhere, or cut off: what was under way is not acknowledged
        if (socket.io.connected && (error as { code?: string }).code !== 'unavailable') throw error;
      }
    }
  });
  return { acknowledged, gone: Promise.all(lanes).then(() => undefined) };
};
const prepare = async (veche: Veche): Promise<[Person[], Room]> => {
  const people = [await Person.register(veche.doors), await Person.register(veche.doors)];
  const room = await people[0]!.createRoom('private', people.slice(1));
  return [people, room];
};
const enough = async (acknowledged: Map<string, number>): Promise<void> => {
  await within(
    20_000,
    'a hundred acknowledged messages',
    (async () => {
      while (acknowledged.size < 100) await new Promise((resolve) => setTimeout(resolve, 5));
    })(),
  );
};
const keptAll = async (reader: Person, room: Room, acknowledged: Map<string, number>): Promise<void> => {
  const log = await reader.log(room.id);
  expect(log.map((e) => e.seq)).toEqual(log.map((_, i) => i + 1));
  const lost = [...acknowledged].filter(([clientId, seq]) => log[seq - 1]?.clientId !== clientId);
  expect(lost).toEqual([]);
  // and the log goes on where it ended
  expect((await reader.send(room.id, 'after')).seq).toBe(log.length + 1);
};

describe('the first account', () => {
  test('is the admin, and the log says so', async () => {
    const veche = await started();
    const first = await Person.register(veche.doors, 'first');
    const second = await Person.register(veche.doors, 'second');
    expect([first.user.role, second.user.role]).toEqual(['admin', 'user']);
    const said = veche.logs
      .split('\n')
      .filter((line) => line.includes(first.username) && line.includes('admin'));
    expect(said).toHaveLength(1);
    expect((await first.rest.get<User>('/users/me')).role).toBe('admin');
  }, 60_000);
});

describe('what was acknowledged', () => {
  test('is kept when the server is told to leave while people write', async () => {
    const veche = await started();
    const [people, room] = await prepare(veche);
    const { acknowledged, gone } = writeUntilGone(people, room);
    await enough(acknowledged);
    await veche.stop();
    await gone;
    await veche.launch();
    await keptAll(people[0]!, room, acknowledged);
  }, 90_000);

  test('is kept when the server is killed while people write, and they go on where they were', async () => {
    const veche = await started({ ownKey: true });
    const [people, room] = await prepare(veche);
    const { acknowledged, gone } = writeUntilGone(people, room);
    await enough(acknowledged);
    await veche.kill();
    await gone;
    await veche.launch();
    await keptAll(people[0]!, room, acknowledged);
    const socket = await Socket.open(veche.doors.gateways[0]!, people[1]?.token);
    expect(socket.ready.rooms).toMatchObject([{ id: room.id }]);
    socket.close();
  }, 90_000);
});

describe('a start', () => {
  /** Starts what cannot start. Its output, once it has ended by itself. */
  const failed = async (env: Record<string, string>, folder?: string): Promise<string> => {
    const veche = await Veche.prepare(shape, { env, folder });
    running.push(veche);
    const [first] = veche.spawn();
    if (!first) throw new Error('nothing was started');
    const { code } = await within(20_000, 'ending by itself', first.exited);
    expect(code).toBeGreaterThan(0);
    return first.output;
  };

  test.each([
    ['PORT', 'eighty-eighty'],
    ['PORT', '99999'],
    ['REDIS_URL', 'http://user:hunter2-secret@127.0.0.1'],
    [shape === 'micro' ? 'AUTH_DATABASE_URL' : 'DATABASE_URL', 'mysql://user:hunter2-secret@127.0.0.1/db'],
    ['SERVICE_TOKEN', 'hunter2-short'],
    ['ACCESS_TOKEN_TTL', 'hunter2'],
    ['REGISTRATION', 'hunter2'],
    ['JWT_PRIVATE_KEY_FILE', '/nowhere/hunter2.pem'],
  ])(
    'with a bad %s stops and names it, without its value',
    async (name, value) => {
      const output = await failed({ [name]: value });
      expect(output).toContain(name);
      if (name !== 'JWT_PRIVATE_KEY_FILE') expect(output).not.toContain(value);
      expect(output).not.toContain('hunter2-secret');
    },
    30_000,
  );

  if (shape === 'micro')
    test('of a service without its credential stops and names it', async () => {
      expect(await failed({ SERVICE_TOKEN: '' })).toContain('SERVICE_TOKEN');
    }, 30_000);

  if (shape === 'embedded') {
    test('on a data folder that another server holds is refused, and the other goes on', async () => {
      const veche = await started();
      const person = await Person.register(veche.doors);
      const output = await failed({ DATA_DIR: veche.doors.dataDir });
      expect(output).toMatch(/DATA_DIR|data folder|already|in use|locked/i);
      await person.createRoom('private');
      await veche.stop();
      await veche.launch();
      expect(await person.rest.get('/rooms')).toMatchObject({ items: [{}] });
    }, 90_000);

    test('with nothing set but a folder makes what it needs, kept from other users of the machine', async () => {
      const folder = newFolder();
      const data = join(folder, 'data');
      mkdirSync(data);
      writeFileSync(join(data, 'left-by-somebody'), 'x');
      const veche = await started({ folder, ownKey: true });
      await Person.register(veche.doors);
      const { statSync } = await import('node:fs');
      expect(statSync(veche.doors.keyFile).mode & 0o077).toBe(0);
    }, 60_000);
  }
});
