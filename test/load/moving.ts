// How long backup, restore and moving take, and that being killed on the way loses nothing: prints a table.
//   npm run bench:moving        MESSAGES=1000000 and TEST_DATABASE_URL in the environment
import { openDatabase } from '@veche/database';
import { openEmbeddedPostgres } from '@veche/embedded-postgres';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { AUTH_DATABASE } from '../../apps/auth/src/auth.database';
import { CHAT_DATABASE } from '../../apps/chat/src/chat.database';
import { buildWhenStale, ROOT } from '../harness/build';
import { TestDatabases } from '../harness/databases';
import { UNSET } from '../harness/veche';

const MESSAGES = Number(process.env.MESSAGES ?? 1_000_000);
const ROOMS = 100;
const AT_ONCE = 50_000;
const KILLS_MS = [4_000, 9_000, 15_000];
const OPERATE = join(ROOT, 'dist/apps/monolith/src/operate.main.js');
const WORKER = join(ROOT, 'dist/libs/embedded-postgres/src/worker.js');

const withClient = async <T>(url: string, work: (client: Client) => Promise<T>): Promise<T> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
};

const fillFolder = async (dataDir: string): Promise<void> => {
  const { url, close } = await openEmbedded(dataDir);
  for (const known of [AUTH_DATABASE, CHAT_DATABASE])
    await (await openDatabase({ ...known, url, poolSize: 1 })).source.destroy();
  await withClient(url, async (client) => {
    await client.query(`
      INSERT INTO chat.rooms (bucket, id, kind, name, created_by, created_at, last_seq)
      SELECT chat.bucket(id), id, 'public', 'room', id, now(), ${MESSAGES / ROOMS}
      FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, ${ROOMS})) AS made`);
    const each = AT_ONCE / ROOMS;
    for (let from = 1; from <= MESSAGES / ROOMS; from += each)
      await client.query(`
        INSERT INTO chat.room_events (bucket, room_id, seq, type, actor_id, at, message_id, text, client_id)
        SELECT bucket, id, n, 'message.created', id, now(), gen_random_uuid(), repeat('Привет, мир! ', n % 12), gen_random_uuid()
        FROM chat.rooms, generate_series(${from}, ${Math.min(from + each - 1, MESSAGES / ROOMS)}) AS n`);
  });
  await close();
};
const openEmbedded = (dataDir: string) =>
  openEmbeddedPostgres({ folder: join(dataDir, 'postgres'), worker: WORKER });

const digest = (url: string): Promise<unknown> =>
  withClient(url, async (client) => {
    const { rows } = await client.query(
      'SELECT count(*), sum(hashtext(e::text)::bigint) AS sum FROM chat.room_events e',
    );
    return rows[0];
  });
const digestOf = async (dataDir: string): Promise<unknown> => {
  const { url, close } = await openEmbedded(dataDir);
  const found = await digest(url);
  await close();
  return found;
};

/** @returns seconds, or undefined where it was killed */
const operate = async (
  env: Record<string, string>,
  args: readonly string[],
  killAfterMs?: number,
): Promise<number | undefined> => {
  const begun = performance.now();
  const child = spawn(process.execPath, [OPERATE, ...args], {
    env: { ...process.env, ...UNSET, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exit = once(child, 'exit') as Promise<[number | null, string | null]>;
  if (killAfterMs !== undefined) {
    await Promise.race([exit, pause(killAfterMs)]);
    child.kill('SIGKILL');
  }
  const [code, signal] = await exit;
  if (code === 0) return (performance.now() - begun) / 1000;
  if (signal === 'SIGKILL') return undefined;
  throw new Error(`${args[0]} left with ${code}`);
};

const main = async (): Promise<void> => {
  buildWhenStale();
  const folder = mkdtempSync(join(tmpdir(), 'veche-moving-'));
  const databases = new TestDatabases();
  const told: [string, string][] = [];
  const tell = (what: string, value: string): void => {
    told.push([what, value]);
    process.stdout.write(`${what}: ${value}\n`);
  };
  try {
    const here = { DATA_DIR: join(folder, 'here') };
    await fillFolder(here.DATA_DIR);
    const whole = JSON.stringify(await digestOf(here.DATA_DIR));
    const same = (what: string, found: unknown): void => {
      if (JSON.stringify(found) !== whole)
        throw new Error(`${what}: ${JSON.stringify(found)} and not ${whole}`);
    };
    const file = join(folder, 'backup.tar.gz');
    tell('backup of the embedded database, s', (await operate(here, ['backup', file]))!.toFixed(1));
    tell('size of it, MB', (statSync(file).size / 1e6).toFixed(0));
    const [restored, moved] = [databases.url('restored'), databases.url('moved')];
    tell(
      'restore into PostgreSQL, s',
      (await operate({ ...here, DATABASE_URL: restored }, ['restore', file]))!.toFixed(1),
    );
    same('restored', await digest(restored));
    let kills = 0;
    for (const ms of KILLS_MS) if ((await operate(here, ['move', '--to', moved], ms)) === undefined) kills++;
    tell('kills on the way to PostgreSQL', String(kills));
    tell('the rest of the move, s', ((await operate(here, ['move', '--to', moved])) ?? 0).toFixed(1));
    same('moved', await digest(moved));
    const back = join(folder, 'back');
    tell(
      'move from PostgreSQL to a folder, s',
      (await operate({ ...here, DATABASE_URL: restored }, ['move', '--to', back]))!.toFixed(1),
    );
    same('moved back', await digestOf(back));
  } finally {
    await databases.drop();
    rmSync(folder, { recursive: true });
  }
};

void main();
