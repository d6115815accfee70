import { embeddedFolder, embeddedWorker, eventually } from '@veche/testing';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Pool } from 'pg';
import { lock } from 'proper-lockfile';
import { copyDataFolder, openEmbeddedPostgres } from '.';

jest.setTimeout(90_000);
const ACCOUNTS = 2_000;
const WRITERS = 6;

const opened = async (folder: string, upkeepEveryMs = 3_600_000) => {
  const server = await openEmbeddedPostgres({ folder, worker: embeddedWorker, upkeepEveryMs });
  const pool = new Pool({ connectionString: server.url, max: WRITERS + 1 });
  const close = async (): Promise<void> => {
    await pool.end();
    await server.close();
  };
  return { pool, close };
};

describe('a copy of a data folder', () => {
  let folder: string;
  let remove: () => Promise<void>;
  beforeEach(async () => ({ folder, remove } = await embeddedFolder()));
  afterEach(() => remove());

  test('that is made while people write has all that was acknowledged before it, and each change in whole', async () => {
    const { pool, close } = await opened(folder);
    await pool.query('CREATE TABLE accounts (id int PRIMARY KEY, value int NOT NULL, note text NOT NULL)');
    await pool.query('CREATE INDEX accounts_note ON accounts (note)');
    await pool.query('CREATE TABLE diary (writer int, line int, PRIMARY KEY (writer, line))');
    await pool.query(
      `INSERT INTO accounts SELECT id, 100, repeat('x', 400) || id FROM generate_series(0, ${ACCOUNTS - 1}) AS id`,
    );
    const written = Array.from({ length: WRITERS }, () => 0);
    let stopped = false;
    /** Each line changes two rows far from each other and their indexes, and writes itself down. */
    const write = async (writer: number): Promise<void> => {
      for (let line = 1; !stopped; line++) {
        const from = (line * 7 + writer) % ACCOUNTS;
        await pool.query(`
          WITH moved AS (
            UPDATE accounts SET note = note || '.', value = value + CASE id WHEN ${from} THEN 1 ELSE -1 END
            WHERE id IN (${from}, ${(from + ACCOUNTS / 2) % ACCOUNTS}))
          INSERT INTO diary VALUES (${writer}, ${line})`);
        written[writer] = line;
      }
    };
    const writers = written.map((_, writer) => write(writer));
    const copies: { to: string; before: number[] }[] = [];
    for (const name of ['first', 'second', 'third']) {
      const before = [...written];
      const to = join(dirname(folder), name);
      await copyDataFolder(folder, to);
      copies.push({ to, before });
      await eventually(() => written.every((line, writer) => line > (before[writer] ?? 0)));
    }
    stopped = true;
    await Promise.all(writers);
    await close();

    for (const { to, before } of copies) {
      const copy = await opened(to);
      const lines = await copy.pool.query<{ lines: number; last: number }>(
        'SELECT count(*)::int AS lines, max(line) AS last FROM diary GROUP BY writer ORDER BY writer',
      );
      expect(lines.rows).toHaveLength(before[0] === 0 ? lines.rows.length : WRITERS);
      lines.rows.forEach(({ lines: count, last }, writer) => {
        expect(count).toBe(last); // none is missing in between
        expect(last).toBeGreaterThanOrEqual(before[writer] ?? 0);
      });
      const sums = await copy.pool.query<{ sum: number; dots: number; lines: number }>(`
        SELECT sum(value)::int AS sum, sum(length(note) - length(rtrim(note, '.')))::int AS dots,
          (SELECT count(*)::int FROM diary) AS lines FROM accounts`);
      expect(sums.rows).toEqual([
        { sum: ACCOUNTS * 100, dots: 2 * (sums.rows[0]?.lines ?? 0), lines: expect.any(Number) },
      ]);
      // the same by the index as by the table
      await copy.pool.query('SET enable_seqscan = off');
      const indexed = await copy.pool.query("SELECT count(*)::int FROM accounts WHERE note >= ''");
      expect(indexed.rows).toEqual([{ count: ACCOUNTS }]);
      await copy.close();
    }
  });

  test('keeps the running server from making a checkpoint, and is made by one at a time', async () => {
    const { pool, close } = await opened(folder, 50);
    const control = join(folder, 'global/pg_control');
    const fill = (): Promise<unknown> =>
      pool.query(`CREATE TABLE IF NOT EXISTS filling (text text);
        INSERT INTO filling SELECT repeat(md5(n::text), 40) FROM generate_series(1, 30000) AS n`);
    const release = await lock(`${folder}.copy`, { realpath: false });
    await expect(copyDataFolder(folder, `${folder}.second`)).rejects.toThrow('is being copied already');
    expect(existsSync(`${folder}.second`)).toBe(false);
    const before = statSync(control).mtimeMs;
    await fill();
    // upkeep has been there meanwhile
    const vacuumed = "SELECT FROM pg_stat_user_tables WHERE relname = 'filling' AND vacuum_count > 0";
    await eventually(async () => (await pool.query(vacuumed)).rows.length > 0);
    await fill();
    expect(statSync(control).mtimeMs).toBe(before);
    await release();
    await eventually(() => statSync(control).mtimeMs > before);
    await close();
  });
});
