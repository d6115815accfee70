import { AppError } from '@veche/errors';
import { eventually, freePort, openTestDatabase, type TestDatabase, testDatabaseUrl } from '@veche/testing';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { Database, migrateDown, migrateUp, migrationsOf, openDatabase } from '.';

class CreateCounters1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE auth.counters (name text PRIMARY KEY, value int NOT NULL)');
  }
  async down(): Promise<void> {
    // never taken back
  }
}

const options = { name: 'auth', entities: [], migrations: [CreateCounters1700000000000] } as const;

/** ReadyForQuery, of the PostgreSQL protocol. */
const READY = Buffer.from('Z\0\0\0\x05I', 'latin1');
/** ErrorResponse: FATAL, admin_shutdown. */
const FAREWELL = Buffer.from('E\0\0\0\x19SFATAL\0C57P01\0Mbye.\0\0', 'latin1');
/** ErrorResponse: FATAL, invalid_password. */
const refusal = 'SFATAL\0C28P01\0Mno entry for you\0\0';
const REFUSAL = Buffer.from(`E\0\0\0${String.fromCharCode(refusal.length + 4)}${refusal}`, 'latin1');
/** What a server says that goes down in the moment when it was ready. */
const withFarewell = (bytes: Buffer): Buffer =>
  bytes.includes(READY) ? Buffer.concat([bytes, FAREWELL]) : bytes;

/** The way to a database, which can be cut, and can lose what is connected without a word. */
const openWay = async (url: string) => {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let open = true;
  let doomed = false;
  let refused = 0;
  const server = createServer((near) => {
    if (!open) {
      refused++;
      return void near.destroy();
    }
    const far = connect(Number(target.port), target.hostname);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one.on('error', () => undefined).on('close', () => other.destroy()));
      if (doomed && one === far) one.on('data', (bytes: Buffer) => other.write(withFarewell(bytes)));
      else one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const way = new URL(url);
  way.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: way.href,
    cut: () => {
      open = false;
      sockets.forEach((socket) => socket.destroy());
    },
    mend: () => (open = true),
    /** Once so many have come while it was cut. */
    refused: (count: number) => eventually(() => refused >= count),
    /** From now on the server goes down as soon as a connection is made. */
    doom: (on: boolean) => (doomed = on),
    lose: () => sockets.forEach((socket) => socket.unpipe().pause()),
    close: () => server.close(),
  };
};

describe('a server that is not there when a process starts', () => {
  it('is waited for', async () => {
    const { url, drop } = await testDatabaseUrl();
    const way = await openWay(url);
    way.cut();
    const opening = openDatabase({ ...options, url: way.url, poolSize: 1 });
    await way.refused(2);
    way.mend();
    const { source } = await opening;
    await source.destroy();
    way.close();
    await drop();
  });

  it('ends the start after a while, by its name and without a secret', async () => {
    const port = await freePort();
    const url = `postgres://olga:hunter2@127.0.0.1:${port}/chat`;
    const error = await openDatabase({ ...options, url, poolSize: 1, patienceMs: 600 }).catch(
      (e: Error) => e,
    );
    expect(error).toMatchObject({
      message: `PostgreSQL at 127.0.0.1:${port}/chat was not there within 0.6 s: ECONNREFUSED`,
    });
  });

  it('is not waited for where it says that we may not come in', async () => {
    const server = createServer((socket) =>
      socket.on('error', () => undefined).once('data', () => socket.end(REFUSAL)),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const url = `postgres://olga:hunter2@127.0.0.1:${port}/chat`;
    const error = await openDatabase({ ...options, url, poolSize: 1 }).catch((e: Error) => e);
    expect(error).toMatchObject({ message: `PostgreSQL at 127.0.0.1:${port}/chat: no entry for you` });
    server.close();
  });
});

describe('a database that is out of reach', () => {
  it('is unavailable, whatever was going on, and is used again once it is back', async () => {
    const { url, drop } = await testDatabaseUrl();
    const way = await openWay(url);
    const database = await openDatabase({ ...options, url: way.url, poolSize: 4 });
    const cutOff = database.transaction(async (tx) => {
      await tx.query("INSERT INTO auth.counters VALUES ('lost', 1)");
      way.cut();
      await tx.query('SELECT 1');
    });
    await expect(cutOff).rejects.toEqual(new AppError('unavailable'));
    await expect(database.query('SELECT 1')).rejects.toEqual(new AppError('unavailable'));
    await expect(database.transaction((tx) => tx.query('SELECT 1'))).rejects.toEqual(
      new AppError('unavailable'),
    );
    way.mend();
    await expect(database.query('SELECT * FROM auth.counters')).resolves.toEqual([]);
    await database.source.destroy();
    way.close();
    await drop();
  });
});

// an embedded server has one database, and one session that nobody can end
const onServer = process.env.TEST_DATABASE_URL ? it : it.skip;

describe('a database', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await openTestDatabase(options);
  });
  afterAll(() => db.close());

  it('has its migrations applied when it is opened', async () => {
    await expect(db.database.query('SELECT * FROM auth.counters')).resolves.toEqual([]);
  });

  it('is opened for the first time by several replicas at once', async () => {
    const { url, drop } = await testDatabaseUrl();
    const opened = await Promise.all([1, 2, 3].map(() => openDatabase({ ...options, url, poolSize: 1 })));
    await expect(opened[0]?.query('SELECT name FROM auth.migrations')).resolves.toHaveLength(1);
    await Promise.all(opened.map((o) => o.source.destroy()));
    await drop();
  });

  it('gives rows for statements of every kind', async () => {
    const { database } = db;
    await expect(
      database.query("INSERT INTO auth.counters VALUES ('a', 1), ('b', 2) RETURNING name"),
    ).resolves.toEqual([{ name: 'a' }, { name: 'b' }]);
    await expect(
      database.query("UPDATE auth.counters SET value = 3 WHERE name = 'a' RETURNING value"),
    ).resolves.toEqual([{ value: 3 }]);
    await expect(database.query('DELETE FROM auth.counters RETURNING name')).resolves.toHaveLength(2);
    await expect(database.query('DELETE FROM auth.counters')).resolves.toEqual([]);
  });

  it.each(['25006', '53100', '53200', '58030'])('is unavailable where the server says %s', async (state) => {
    const raise = `DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '${state}'; END $$`;
    await expect(db.database.query(raise)).rejects.toEqual(new AppError('unavailable'));
  });

  it('undoes a transaction whose work throws', async () => {
    const work = db.database.transaction(async (tx) => {
      await tx.query("INSERT INTO auth.counters VALUES ('undone', 1)");
      throw new AppError('room_not_found');
    });
    await expect(work).rejects.toThrow(AppError);
    await expect(db.database.query("SELECT 1 FROM auth.counters WHERE name = 'undone'")).resolves.toEqual([]);
  });

  it('runs transactions that wait for each other one after the other', async () => {
    await db.database.query("INSERT INTO auth.counters VALUES ('many', 0)");
    const add = (): Promise<unknown> =>
      db.database.transaction(async (tx) => {
        const [row] = await tx.query<{ value: number }>(
          "SELECT value FROM auth.counters WHERE name = 'many' FOR UPDATE",
        );
        await tx.query("UPDATE auth.counters SET value = $1 WHERE name = 'many'", [(row?.value ?? 0) + 1]);
      });
    await Promise.all(Array.from({ length: 50 }, add));
    await expect(db.database.query("SELECT value FROM auth.counters WHERE name = 'many'")).resolves.toEqual([
      { value: 50 },
    ]);
  });

  onServer('runs a transaction again that was sacrificed to another', async () => {
    const { database } = db;
    await database.query("INSERT INTO auth.counters VALUES ('left', 0), ('right', 0)");
    let locked = 0;
    let bothLocked: () => void = () => undefined;
    const deadlock = new Promise<void>((resolve) => (bothLocked = resolve));
    const add = (names: string[]): Promise<void> =>
      database.transaction(async (tx) => {
        for (const name of names) {
          await tx.query('UPDATE auth.counters SET value = value + 1 WHERE name = $1', [name]);
          if (++locked === 2) bothLocked();
          await deadlock;
        }
      });
    await Promise.all([add(['left', 'right']), add(['right', 'left'])]);
    expect(locked).toBeGreaterThan(4);
    await expect(
      database.query("SELECT value FROM auth.counters WHERE name IN ('left', 'right')"),
    ).resolves.toEqual([{ value: 2 }, { value: 2 }]);
  });

  onServer('is unavailable where a connection is lost in a transaction, and then goes on', async () => {
    const { database } = db;
    const work = database.transaction(async (tx) => {
      const [own] = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await database.query('SELECT pg_terminate_backend($1)', [own?.pid]);
      await tx.query('SELECT 1');
    });
    await expect(work).rejects.toEqual(new AppError('unavailable'));
    await expect(database.query('SELECT 1 AS one')).resolves.toEqual([{ one: 1 }]);
  });

  onServer(
    'is found where one connection after the other has fallen silent, and only one is waited for',
    async () => {
      const { url, drop } = await testDatabaseUrl();
      const way = await openWay(url);
      const { source } = await openDatabase({ ...options, url: way.url, poolSize: 4 });
      const database = new Database(source, 500);
      const all = (): Promise<unknown> =>
        Promise.all(Array.from({ length: 4 }, () => database.query('SELECT pg_sleep(0.05)')));
      await all();
      way.lose();
      await expect(database.query('SELECT 1')).rejects.toEqual(new AppError('unavailable'));
      await all();
      way.cut();
      await source.destroy();
      way.close();
      await drop();
    },
  );

  onServer('may go down in the moment when a connection to it is made', async () => {
    const { url, drop } = await testDatabaseUrl();
    const way = await openWay(url);
    const database = await openDatabase({ ...options, url: way.url, poolSize: 4 });
    // takes the connection that is there
    await database.transaction(async (tx) => {
      await tx.query('SELECT 1');
      way.doom(true);
      await expect(database.query('SELECT 1')).rejects.toEqual(new AppError('unavailable'));
      way.doom(false);
      await expect(database.query('SELECT 1 AS one')).resolves.toEqual([{ one: 1 }]);
    });
    way.cut();
    await database.source.destroy();
    way.close();
    await drop();
  });

  onServer('is not waited for where it has stopped answering', async () => {
    const impatient = new Database(db.database.source, 100);
    const sleep = 'SELECT pg_sleep(10)';
    await expect(impatient.query(sleep)).rejects.toEqual(new AppError('unavailable'));
    await expect(impatient.transaction((tx) => tx.query(sleep))).rejects.toEqual(new AppError('unavailable'));
    await expect(impatient.query('SELECT 1 AS one')).resolves.toEqual([{ one: 1 }]);
  });

  onServer('is overloaded where a statement takes longer than it may', async () => {
    const slow = db.database.transaction(async (tx) => {
      await tx.query('SET LOCAL statement_timeout = 50');
      await tx.query('SELECT pg_sleep(10)');
    });
    await expect(slow).rejects.toEqual(new AppError('overloaded'));
  });
});

describe('a database that a process works with', () => {
  it('can be used, until it is out of reach or its tables are of another version', async () => {
    const { url, drop } = await testDatabaseUrl();
    const way = await openWay(url);
    const database = await openDatabase({ ...options, url: way.url, poolSize: 1 });
    try {
      await database.assertUsable();
      await database.query("INSERT INTO auth.migrations (timestamp, name) VALUES (1, 'OfTheNextVersion')");
      await expect(database.assertUsable()).rejects.toThrow('its tables are newer than this version');
      await database.query('DELETE FROM auth.migrations');
      await expect(database.assertUsable()).rejects.toThrow('its tables are older than this version');
      way.cut();
      await expect(database.assertUsable()).rejects.toThrow('the database is out of reach');
    } finally {
      await database.source.destroy();
      way.close();
      await drop();
    }
  });
});

describe('the tables of a database', () => {
  class CreateNotes1700000000001 implements MigrationInterface {
    async up(runner: QueryRunner): Promise<void> {
      await runner.query('CREATE TABLE auth.notes (note text)');
    }
    async down(runner: QueryRunner): Promise<void> {
      await runner.query('DROP TABLE auth.notes');
    }
  }
  const newer = { ...options, migrations: [CreateCounters1700000000000, CreateNotes1700000000001] } as const;

  it('are required where nobody may bring them up, brought up once however many try, and taken back', async () => {
    const { url, drop } = await testDatabaseUrl();
    const open = (tables: 'require' | 'leave') => openDatabase({ ...newer, url, poolSize: 1, tables });
    await expect(open('require')).rejects.toThrow(
      'The tables of auth are older than this version (2 migrations are missing): run veche migrate up',
    );
    const opened = await Promise.all([open('leave'), open('leave'), open('leave')]);
    const [database] = opened;
    try {
      const missing = [
        { name: 'CreateCounters1700000000000', applied: false },
        { name: 'CreateNotes1700000000001', applied: false },
      ];
      expect(await migrationsOf(database)).toEqual(missing);
      const applied = await Promise.all(opened.map((each) => migrateUp(each)));
      expect(applied.flat()).toEqual(missing.map(({ name }) => name));
      await (await open('require')).source.destroy();
      expect(await migrateDown(database)).toEqual(['CreateNotes1700000000001']);
      await expect(open('require')).rejects.toThrow('1 migrations are missing');
      await database.query("INSERT INTO auth.migrations (timestamp, name) VALUES (9, 'OfTheNextVersion')");
      expect((await migrationsOf(database)).at(-1)).toEqual({ name: 'OfTheNextVersion', applied: true });
    } finally {
      await Promise.all(opened.map(({ source }) => source.destroy()));
      await drop();
    }
  });
});

describe('a database that is not there', () => {
  onServer('is created', async () => {
    const { url, drop } = await testDatabaseUrl();
    await drop();
    const database = await openDatabase({ ...options, url, poolSize: 1 });
    await expect(database.query('SELECT * FROM auth.counters')).resolves.toEqual([]);
    await database.source.destroy();
    await drop();
  });
});
