import { Config } from '@veche/config';
import { openDatabase } from '@veche/database';
import { freePort, testDatabaseUrl } from '@veche/testing';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHAT_DATABASE } from '../../../chat/src/chat.database';
import { checkConfiguration } from './config-check';
import { doctor } from './doctor';
import { migrate } from './migrate';
import { rebuildSearch } from './search';

const before = { ...process.env };
let folder: string;
let said: string[];
const say = (line: string): void => void said.push(line);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'veche-operate-'));
  said = [];
});
afterEach(() => {
  process.env = { ...before };
  rmSync(folder, { recursive: true });
});
const set = (variables: Record<string, string>): void => {
  process.env = {
    ...before,
    DATABASE_URL: '',
    REDIS_URL: '',
    KAFKA_BROKERS: '',
    SERVICE_TOKEN: '',
    DATA_DIR: folder,
    ...variables,
  };
};

test('both databases are brought to this version, and a service by itself', async () => {
  const { url, drop } = await testDatabaseUrl();
  const config = Object.assign(new Config(), { AUTH_DATABASE_URL: url, CHAT_DATABASE_URL: url });
  try {
    expect(await migrate(config, 'status', ['auth', 'chat'], say)).toBe(false);
    expect(said.every((line) => / missing {2}\w+\d{13}$/.test(line))).toBe(true);
    const all = said.length;
    said = [];
    await migrate(config, 'up', ['auth', 'chat'], say);
    expect(said).toHaveLength(all);
    expect(await migrate(config, 'status', ['auth', 'chat'], () => undefined)).toBe(true);
    said = [];
    await migrate(config, 'up', ['chat'], say);
    expect(said).toEqual(['chat: there was nothing to do']);
    said = [];
    await migrate(config, 'down', ['auth'], say);
    expect(said).toEqual([expect.stringMatching(/^auth: taken back {2}\w+$/)]);
    expect(await migrate(config, 'status', ['auth'], () => undefined)).toBe(false);
    expect(await migrate(config, 'up', ['auth'], () => undefined)).toBe(true);
  } finally {
    await drop();
  }
});

test('the search index is filled anew from the logs, and holds nothing else', async () => {
  const { url, drop } = await testDatabaseUrl();
  const config = Object.assign(new Config(), { AUTH_DATABASE_URL: url, CHAT_DATABASE_URL: url });
  try {
    await migrate(config, 'up', ['chat'], () => undefined);
    const client = await openDatabase({ ...CHAT_DATABASE, url, poolSize: 1 });
    const roomId = randomUUID();
    await client.query(
      `INSERT INTO chat.rooms (bucket, id, kind, name, created_by, created_at, last_seq)
       VALUES (chat.bucket($1), $1, 'private', 'a room', $1, now(), 450)`,
      [roomId],
    );
    await client.query(
      `INSERT INTO chat.room_events (bucket, room_id, seq, type, actor_id, at, text)
       SELECT chat.bucket($1), $1, n, 'message.created', $1, now(), 'number ' || n FROM generate_series(1, 450) AS n`,
      [roomId],
    );
    await client.query(
      `INSERT INTO chat.search_index (bucket, room_id, seq, at, words)
       VALUES (chat.bucket($1), $1, 1000, now(), $2)`,
      [roomId, `'left'`],
    );
    await rebuildSearch(config, say);
    expect(said).toEqual(['The search index is rebuilt: 450 messages.']);
    const rows = await client.query(`SELECT seq FROM chat.search_index WHERE words @@ '450 | left'`);
    expect(rows).toEqual([{ seq: '450' }]);
    await client.source.destroy();
  } finally {
    await drop();
  }
});

test('what is set is said with where it was found, and no secret', () => {
  writeFileSync(join(folder, 'token'), 'hunter22-hunter22');
  writeFileSync(join(folder, 'veche.yaml'), 'PORT: 9000\n');
  set({ SERVICE_TOKEN_FILE: join(folder, 'token'), CONFIG_FILE: join(folder, 'veche.yaml') });
  expect(checkConfiguration(say)).toBe(true);
  expect(said).toEqual(
    expect.arrayContaining([
      `PORT=9000  from ${join(folder, 'veche.yaml')}`,
      'SERVICE_TOKEN=(secret)  from SERVICE_TOKEN_FILE in the environment',
    ]),
  );
  said = [];
  set({ PORT: 'eighty' });
  expect(checkConfiguration(say)).toBe(false);
  expect(said.at(-1)).toBe('wrong: PORT must be a whole number from 0 to 65535');
  expect(said.join()).not.toContain('hunter22');
});

describe('the doctor', () => {
  test('finds nothing where all is well', async () => {
    const { url, drop } = await testDatabaseUrl();
    set({ PORT: String(await freePort()), DATABASE_URL: url, JWT_SECRET: 's'.repeat(32) });
    try {
      // a disk of this machine may be nearly full
      await doctor(say);
      expect(said.filter((line) => !line.includes(' disk: '))).toEqual([
        'good  configuration',
        expect.stringMatching(/^good {2}database of auth: PostgreSQL \d.*, \d+ migrations will be applied/),
        expect.stringMatching(/^good {2}database of chat: PostgreSQL \d/),
        expect.stringMatching(/^good {2}Redis: not used/),
        'good  Kafka: not used',
        'good  keys: tokens are signed with HS256',
        expect.stringMatching(/^good {2}port: .* is free$/),
      ]);
    } finally {
      await drop();
    }
  });

  test('says what is the matter, of each part', async () => {
    const { url, drop } = await testDatabaseUrl();
    const other = createServer((socket) => socket.end());
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    writeFileSync(join(folder, 'key.pem'), 'no key');
    set({
      PORT: String(port),
      DATABASE_URL: url,
      MIGRATE_ON_START: 'false',
      REDIS_URL: `redis://127.0.0.1:${await freePort()}`,
      KAFKA_BROKERS: `127.0.0.1:${await freePort()}`,
      SERVICE_TOKEN: 'a-credential-of-a-test',
      JWT_PRIVATE_KEY_FILE: join(folder, 'key.pem'),
    });
    try {
      expect(await doctor(say)).toBe(false);
      const bad = said.filter((line) => line.startsWith('bad')).filter((line) => !line.includes(' disk: '));
      expect(bad).toEqual([
        expect.stringMatching(/database of auth: \d+ migrations are missing: run veche migrate up/),
        expect.stringMatching(/database of chat: \d+ migrations are missing: run veche migrate up/),
        expect.stringMatching(/Redis: .*ECONNREFUSED/),
        expect.stringMatching(/Kafka: no connection to 127\.0\.0\.1:\d+: connect ECONNREFUSED/),
        expect.stringMatching(/keys: JWT_PRIVATE_KEY_FILE: /),
        expect.stringMatching(/port: .* is taken by another program: set PORT/),
      ]);
    } finally {
      other.close();
      await drop();
    }
  });

  test('goes no further than a configuration that cannot be right', async () => {
    set({ PORT: 'eighty' });
    expect(await doctor(say)).toBe(false);
    expect(said).toEqual([expect.stringMatching(/^bad {3}configuration: PORT/)]);
  });
});
