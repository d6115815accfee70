import { embeddedFolder, embeddedWorker, eventually } from '@veche/testing';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Client, Pool } from 'pg';
import { type EmbeddedPostgres, openEmbeddedPostgres } from '.';
import { upkeep } from './upkeep';

const ROOT = join(__dirname, '../../..');

const opened = async (options: { idleInTransactionMs?: number; upkeepEveryMs?: number } = {}) => {
  const { folder, remove } = await embeddedFolder();
  const server = await openEmbeddedPostgres({ folder, worker: embeddedWorker, ...options });
  const close = async (): Promise<void> => {
    await server.close();
    await remove();
  };
  return { server, folder, close };
};

const connected = async (url: string): Promise<Client> => {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined); // a connection that is lost fails the query that needs it
  await client.connect();
  return client;
};

/** As a process that is killed: without a word. */
const cut = (client: Client): void => {
  (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
};

describe('the embedded database', () => {
  let server: EmbeddedPostgres;
  let close: () => Promise<void>;
  let pool: Pool;

  beforeAll(async () => {
    // one test does the upkeep itself, however long those before it take
    ({ server, close } = await opened({ upkeepEveryMs: 3_600_000 }));
    pool = new Pool({ connectionString: server.url, max: 10 });
    await pool.query('CREATE TABLE counters (name text PRIMARY KEY, value int NOT NULL)');
  });
  afterAll(async () => {
    await pool.end();
    await close();
  });

  const transaction = async (
    work: (client: { query: Client['query'] }) => Promise<unknown>,
  ): Promise<void> => {
    const client = await pool.connect();
    try {
      await client.query('BEGIN');
      await work(client);
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    } finally {
      client.release();
    }
  };
  const valueOf = async (name: string): Promise<number | undefined> =>
    (await pool.query<{ value: number }>('SELECT value FROM counters WHERE name = $1', [name])).rows[0]
      ?.value;

  it('runs transactions of many connections as if one came after the other', async () => {
    await pool.query("INSERT INTO counters VALUES ('many', 0)");
    const add = (n: number): Promise<void> =>
      transaction(async (client) => {
        const { rows } = await client.query<{ value: number }>(
          "SELECT value FROM counters WHERE name = 'many'",
        );
        await client.query("UPDATE counters SET value = $1 WHERE name = 'many'", [(rows[0]?.value ?? 0) + 1]);
        if (n % 3 === 0) throw new Error('every third changes its mind');
      });
    const results = await Promise.allSettled(Array.from({ length: 300 }, (_, n) => add(n)));
    expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(200);
    expect(await valueOf('many')).toBe(200);
  });

  it('keeps what others ask meanwhile out of an open transaction', async () => {
    const other = await connected(server.url);
    let seen: unknown;
    await transaction(async (client) => {
      await client.query("INSERT INTO counters VALUES ('secret', 1)");
      seen = other.query("SELECT count(*)::int AS n FROM counters WHERE name = 'secret'");
      await client.query("DELETE FROM counters WHERE name = 'secret'");
    });
    expect(await seen).toMatchObject({ rows: [{ n: 0 }] });
    await other.end();
  });

  it('rolls back a connection that is lost in the middle of a transaction', async () => {
    const lost = await connected(server.url);
    await lost.query('BEGIN');
    await lost.query("INSERT INTO counters VALUES ('lost', 1)");
    const answer = lost.query('SELECT 1').catch(() => undefined);
    cut(lost);
    expect(await valueOf('lost')).toBeUndefined();
    await answer;
  });

  it('survives connections that are lost at any moment', async () => {
    for (let i = 0; i < 30; i++) {
      const lost = await connected(server.url);
      const running = [
        lost.query('BEGIN'),
        lost.query(`INSERT INTO counters VALUES ('chaos ${i}', 1)`),
        lost.query({ name: 'by name', text: 'SELECT $1::text', values: ['x'] }),
      ];
      for (const query of running.slice(0, i % 4)) await query;
      cut(lost);
      await Promise.allSettled(running);
    }
    const { rows } = await pool.query("SELECT name FROM counters WHERE name LIKE 'chaos%'");
    expect(rows).toEqual([]);
    const left = await eventually(async () => {
      const prepared = await pool.query('SELECT name FROM pg_prepared_statements');
      return prepared.rows.length === 0 && prepared;
    });
    expect(left.rows).toEqual([]);
  });

  it('goes on after errors, in and out of transactions', async () => {
    const client = await connected(server.url);
    await expect(client.query('SELECT 1/0')).rejects.toMatchObject({ code: '22012' });
    await expect(client.query('SELECT $1::int', ['no number'])).rejects.toMatchObject({ code: '22P02' });
    await expect(client.query('SELECT 1; SELECT 1/0; SELECT 2')).rejects.toMatchObject({ code: '22012' });
    await client.query('BEGIN');
    await expect(client.query('selec')).rejects.toMatchObject({ code: '42601' });
    await expect(client.query('SELECT 1')).rejects.toMatchObject({ code: '25P02' });
    await client.query('ROLLBACK');
    await expect(client.query('SELECT 1 AS one')).resolves.toMatchObject({ rows: [{ one: 1 }] });
    await client.end();
  });

  it('keeps prepared statements of the same name apart', async () => {
    const [first, second] = await Promise.all([connected(server.url), connected(server.url)]);
    const ask = (client: Client, text: string): Promise<{ rows: unknown[] }> =>
      client.query({ name: 'same', text });
    for (let i = 0; i < 3; i++) {
      expect((await ask(first, 'SELECT 1 AS a')).rows).toEqual([{ a: 1 }]);
      expect((await ask(second, 'SELECT 2 AS b')).rows).toEqual([{ b: 2 }]);
    }
    await Promise.all([first.end(), second.end()]);
  });

  it('takes and gives megabytes', async () => {
    const text = 'Вече'.repeat(1_000_000);
    const { rows } = await pool.query<{ length: number; text: string }>(
      'SELECT length($1::text), $1::text AS text',
      [text],
    );
    expect(rows[0]?.length).toBe(4_000_000);
    expect(rows[0]?.text === text).toBe(true);
    const many = await pool.query("SELECT g, repeat('x', 100) FROM generate_series(1, 50000) g");
    expect(many.rows).toHaveLength(50_000);
  });

  it('lets nobody wait for one who always has more to ask', async () => {
    const busy = await connected(server.url);
    let asking = true;
    let asked = 0;
    const flood = async (): Promise<void> => {
      while (asking) {
        await Promise.all(Array.from({ length: 20 }, () => busy.query('SELECT pg_sleep(0.002)')));
        asked += 20;
      }
    };
    const flooding = flood();
    const started = performance.now();
    for (let i = 0; i < 20; i++) await pool.query('SELECT 1');
    const took = performance.now() - started;
    asking = false;
    await flooding;
    await busy.end();
    // each of the twenty had to wait for one batch of the flood, not for all that was asked
    expect(took).toBeLessThan(20 * 100);
    expect(asked).toBeGreaterThan(0);
  });

  it('answers a NOTIFY, which nobody can hear', async () => {
    const client = await connected(server.url);
    await client.query("NOTIFY news, 'x'");
    await expect(client.query('LISTEN news')).rejects.toMatchObject({ code: '0A000' });
    await expect(client.query('SELECT 1 AS one')).resolves.toMatchObject({ rows: [{ one: 1 }] });
    await client.end();
  });

  it('refuses COPY FROM STDIN and goes on', async () => {
    const client = await connected(server.url);
    await expect(client.query('COPY counters FROM STDIN')).rejects.toMatchObject({ code: '0A000' });
    await expect(client.query('SELECT 1 AS one')).resolves.toMatchObject({ rows: [{ one: 1 }] });
    await client.end();
  });

  it('knows upper and lower case of every alphabet', async () => {
    const { rows } = await pool.query("SELECT lower('ВЕЧЕ Ä') AS lower, 'ВЕЧЕ' ILIKE 'вече' AS alike");
    expect(rows).toEqual([{ lower: 'вече ä', alike: true }]);
  });

  it('lets in nobody without the password', async () => {
    const stranger = new URL(server.url);
    stranger.password = 'guessed';
    await expect(connected(stranger.href)).rejects.toMatchObject({ code: '28P01' });
    stranger.password = '';
    await expect(connected(stranger.href)).rejects.toThrow();
  });

  it.each([
    ['a length that cannot be', Buffer.alloc(8)],
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n'.repeat(500))],
    ['a start without an end', Buffer.from([0, 0, 0, 9, 0, 3, 0, 0, 1, 0x70, 0, 0, 0, 1])],
    ['noise', randomBytes(20_000)],
  ])('is not disturbed by a stranger who sends %s', async (_, bytes) => {
    const stranger = connect(Number(new URL(server.url).port), '127.0.0.1');
    stranger.on('error', () => undefined).write(bytes);
    await once(stranger.resume(), 'close');
    await expect(pool.query('SELECT 1 AS one')).resolves.toMatchObject({ rows: [{ one: 1 }] });
  });

  it('has one database', async () => {
    const other = new URL(server.url);
    other.pathname = '/other';
    await expect(connected(other.href)).rejects.toMatchObject({ code: '3D000' });
  });

  it('is vacuumed and writes its log out, which nobody else would do', async () => {
    await pool.query(
      "CREATE TABLE worn AS SELECT g AS id, repeat('x', 1000) AS text FROM generate_series(1, 20000) g",
    );
    await pool.query("UPDATE worn SET text = repeat('y', 1000)");
    const dead = async (): Promise<number> => {
      // statistics are told once in a second at most
      await pool.query('SELECT pg_stat_force_next_flush()');
      const { rows } = await pool.query<{ n: number }>(
        "SELECT n_dead_tup::int AS n FROM pg_stat_user_tables WHERE relname = 'worn'",
      );
      return rows[0]?.n ?? -1;
    };
    const log = async (): Promise<number> =>
      Number(
        (
          await pool.query<{ n: string }>(
            'SELECT pg_current_wal_lsn() - redo_lsn AS n FROM pg_control_checkpoint()',
          )
        ).rows[0]?.n,
      );
    expect(await dead()).toBe(20_000);
    expect(await log()).toBeGreaterThan(32 * 1024 * 1024);
    await upkeep(server.url, () => Promise.resolve(true));
    expect(await dead()).toBe(0);
    expect(await log()).toBeLessThan(1024 * 1024);
  });
});

describe('a transaction that its client leaves open', () => {
  it('is ended after a while, so that others can go on', async () => {
    const { server, close } = await opened({ idleInTransactionMs: 300 });
    const idle = await connected(server.url);
    const told = once(idle, 'error');
    await idle.query('BEGIN');
    await idle.query('CREATE TABLE never (id int)');
    const other = await connected(server.url);
    await expect(other.query("SELECT to_regclass('never') AS never")).resolves.toMatchObject({
      rows: [{ never: null }],
    });
    await expect(told).resolves.toMatchObject([{ code: '25P03' }]);
    await other.end();
    await close();
  });
});

describe('a data folder', () => {
  it('is not opened twice, and is free again after a close', async () => {
    const { server, folder, close } = await opened();
    await expect(openEmbeddedPostgres({ folder, worker: embeddedWorker })).rejects.toThrow(/another server/);
    await server.close();
    const again = await openEmbeddedPostgres({ folder, worker: embeddedWorker });
    await again.close();
    await close().catch(() => undefined);
  });

  it('is made in one piece: what an interrupted first start has left is thrown away', async () => {
    const { folder, remove } = await embeddedFolder();
    const fresh = join(folder, '../fresh');
    await mkdir(`${fresh}.new`);
    await writeFile(join(`${fresh}.new`, 'PG_VERSION'), '18');
    const server = await openEmbeddedPostgres({ folder: fresh, worker: embeddedWorker });
    const client = await connected(server.url);
    await expect(client.query('SELECT 1 AS one')).resolves.toMatchObject({ rows: [{ one: 1 }] });
    await client.end();
    await server.close();
    await remove();
  });

  it('that cannot be opened is told as it is', async () => {
    const { folder, remove } = await embeddedFolder();
    await writeFile(join(folder, 'PG_VERSION'), '9.6');
    await expect(openEmbeddedPostgres({ folder, worker: embeddedWorker })).rejects.toThrow(
      /data directory|version/,
    );
    await remove();
  });
});

describe('a process with an embedded database', () => {
  /** Writes numbers into a table and says each that was acknowledged. */
  const WRITER = `
    const { openEmbeddedPostgres } = require('@veche/embedded-postgres');
    const { Pool } = require('pg');
    const [folder, worker, sql] = process.argv.slice(1);
    void (async () => {
      const { url } = await openEmbeddedPostgres({ folder, worker });
      const pool = new Pool({ connectionString: url });
      pool.on('error', () => undefined);
      await pool.query('CREATE TABLE IF NOT EXISTS written (n int PRIMARY KEY)');
      console.log('ready');
      if (sql) return pool.query(sql);
      const { rows } = await pool.query('SELECT coalesce(max(n), 0) AS last FROM written');
      const lanes = 4;
      for (let lane = 1; lane <= lanes; lane++)
        void (async () => {
          for (let n = rows[0].last + lane; ; n += lanes) {
            await pool.query('INSERT INTO written VALUES ($1)', [n]);
            process.stdout.write(n + '\\n');
          }
        })();
    })();`;
  const children: ChildProcess[] = [];
  const write = (folder: string, sql = ''): ChildProcess => {
    const child = spawn(
      process.execPath,
      ['-r', './test/harness/register.cjs', '-e', WRITER, folder, embeddedWorker, sql],
      { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    children.push(child);
    return child;
  };
  afterAll(() => children.forEach((child) => child.kill('SIGKILL')));

  it('that is killed loses nothing it has acknowledged, and can start again at once', async () => {
    const { folder, remove } = await embeddedFolder();
    const acknowledged: number[] = [];
    for (let round = 0; round < 2; round++) {
      const child = write(folder);
      let errors = '';
      child.stderr?.on('data', (chunk) => (errors += chunk));
      let lines = 0;
      const done = new Promise<void>((resolve, reject) => {
        child.once('exit', () => reject(new Error(errors)));
        createInterface({ input: child.stdout! }).on('line', (line) => {
          if (line !== 'ready') acknowledged.push(Number(line));
          if (++lines === 300) resolve();
        });
      });
      await done;
      child.removeAllListeners('exit').kill('SIGKILL');
      await once(child, 'close'); // and every line that was written
    }
    const started = performance.now();
    const server = await openEmbeddedPostgres({ folder, worker: embeddedWorker });
    expect(performance.now() - started).toBeLessThan(4_000); // it did not wait for the lock to grow old
    const client = await connected(server.url);
    const { rows } = await client.query<{ n: number }>('SELECT n FROM written');
    const kept = new Set(rows.map((row) => row.n));
    expect(acknowledged.filter((n) => !kept.has(n))).toEqual([]);
    expect(acknowledged.length).toBeGreaterThan(500);
    await client.end();
    await server.close();
    await remove();
  });

  it('keeps another process from its folder', async () => {
    const { folder, remove } = await embeddedFolder();
    const child = write(folder);
    await once(child.stdout!, 'data');
    await expect(openEmbeddedPostgres({ folder, worker: embeddedWorker })).rejects.toThrow(
      `process ${child.pid}`,
    );
    child.kill('SIGKILL');
    await once(child, 'exit');
    await remove();
  });

  it('ends when the database has ended', async () => {
    const { folder, remove } = await embeddedFolder();
    // PGlite ends over this one, and it is spelled so that the bridge does not notice
    const child = write(folder, 'COPY written FROM/**/STDIN');
    let errors = '';
    child.stderr?.on('data', (chunk) => (errors += chunk));
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).not.toBe(0);
    expect(errors).toContain('database');
    await remove();
  });
});
