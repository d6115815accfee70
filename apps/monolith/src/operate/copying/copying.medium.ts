import { openDatabase } from '@veche/database';
import { testDatabaseUrl, type TestDatabaseUrl } from '@veche/testing';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { AUTH_DATABASE } from '../../../../auth/src/auth.database';
import { CHAT_DATABASE } from '../../../../chat/src/chat.database';
import { Archive, ArchiveWriter } from './archive';
import { type Contents, type Doing, fill } from './fill';
import { connectTo, SERVICES, Snapshot } from './reading.repository';
import { nameOf } from './tables.rules';

jest.setTimeout(90_000);
const MESSAGES = 6_000;
const doing: Doing = { say: () => undefined, output: { write: () => undefined } };

/** Everything that a text can be, and times to the microsecond. */
const FILLING = `
  INSERT INTO auth.users (id, username, username_key, email, email_key, password_hash, display_name, display_name_key,
    display_name_look, role, created_at, disabled_at)
  SELECT gen_random_uuid(), 'u' || n, 'u' || n, 'm' || n, 'm' || n, '$argon2id$', 'Анна "\\' || chr(10) || n, '', '',
    'user', now() - n * interval '1.000001 s', CASE WHEN n % 3 = 0 THEN now() END FROM generate_series(1, 300) AS n;
  INSERT INTO auth.sessions (id, user_id, app_id, device_name, ip, created_at, last_seen_at, expires_at, family_hash,
    used_turns)
  SELECT gen_random_uuid(), id, 'veche', '', '::1', now(), now(), now(), decode(md5(username), 'hex'), '[1, {"a": "b"}]'
  FROM auth.users;
  INSERT INTO auth.deletions VALUES (gen_random_uuid(), ARRAY[gen_random_uuid(), gen_random_uuid()], now(), now());
  INSERT INTO chat.rooms (bucket, id, kind, name, created_by, created_at, last_seq)
  SELECT chat.bucket(id), id, 'public', 'room', id, now(), ${MESSAGES} / 3
  FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, 3)) AS made;
  INSERT INTO chat.room_events (bucket, room_id, seq, type, actor_id, at, message_id, text, client_id, data)
  SELECT bucket, id, n, 'message.created', id, now() + n * interval '1 microsecond', gen_random_uuid(),
    CASE n % 5 WHEN 0 THEN NULL WHEN 1 THEN '' WHEN 2 THEN E'a\\tb\\nc\\\\d"''},\\u0001' ELSE repeat('Привет 👋 ', n % 300) END,
    'c' || n, CASE WHEN n % 2 = 0 THEN jsonb_build_object('n', 12345678901234567890::numeric, 't', E'x\\ny') END
  FROM chat.rooms, generate_series(1, ${MESSAGES} / 3) AS n;
  INSERT INTO chat.members (bucket, room_id, user_id, role, joined_at)
  SELECT bucket, rooms.id, users.id, 'member', now() FROM chat.rooms, auth.users;
  INSERT INTO chat.room_words SELECT 'комната', bucket, id FROM chat.rooms`;

const migrated = async (url: string): Promise<void> => {
  for (const known of [AUTH_DATABASE, CHAT_DATABASE]) {
    const database = await openDatabase({ ...known, url, poolSize: 1 });
    await database.source.destroy();
  }
};

/** Every row of every table of every schema that is not PostgreSQL's own, found without what is tested. */
const contents = async (url: string): Promise<Record<string, unknown>> => {
  const client = await connectTo(url);
  const tables = await client.query<{ name: string }>(`
    SELECT table_schema || '.' || table_name AS name FROM information_schema.tables
    WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`);
  const all: Record<string, unknown> = {};
  for (const { name } of tables.rows) {
    const { rows } = await client.query(
      `SELECT count(*)::int AS rows, md5(string_agg(t::text, ',' ORDER BY t::text)) AS all FROM ${name} t`,
    );
    all[name] = rows[0];
  }
  // the times at which migrations ran here
  delete all['auth.migrations'];
  delete all['chat.migrations'];
  const sequences = await client.query(
    "SELECT schemaname, sequencename, last_value FROM pg_sequences WHERE sequencename NOT LIKE 'migrations%' ORDER BY 1, 2",
  );
  await client.end();
  return { ...all, sequences: sequences.rows };
};

const contentsOf = async (snapshot: Snapshot, source = 'a test'): Promise<Contents> => {
  const tables = await snapshot.tables();
  const rows: number[] = [];
  for (const table of tables) rows.push(await snapshot.count(table));
  return {
    source,
    why: 'not everything is there',
    migrations: { auth: await snapshot.migrations('auth'), chat: await snapshot.migrations('chat') },
    tables: tables.map((table, i) => ({ ...table, rows: rows[i] ?? 0 })),
    chunks: async function* (done) {
      for (const table of tables) yield* snapshot.chunks(table, done);
    },
    sequences: (service) => snapshot.sequences(service),
  };
};

describe('what is copied', () => {
  let origin: TestDatabaseUrl;
  let target: TestDatabaseUrl;
  let snapshot: Snapshot;
  let folder: string;
  beforeAll(async () => {
    origin = await testDatabaseUrl();
    await migrated(origin.url);
    const client = await connectTo(origin.url);
    await client.query(FILLING);
    await client.end();
    snapshot = await Snapshot.open({ auth: origin.url, chat: origin.url }, false);
    folder = mkdtempSync(join(tmpdir(), 'veche-copying-'));
  });
  afterAll(async () => {
    await snapshot.close();
    await origin.drop();
    rmSync(folder, { recursive: true });
  });
  beforeEach(async () => void (target = await testDatabaseUrl()));
  afterEach(() => target.drop());
  const urls = (): { auth: string; chat: string } => ({ auth: target.url, chat: target.url });
  const startsThere = async (): Promise<void> => migrated(target.url);

  test('is every table of both services, whoever adds one, and nothing lies beside them', async () => {
    const { sequences: _, ...all } = await contents(origin.url);
    const found = (await snapshot.tables()).map(nameOf).sort();
    expect(found).toEqual(Object.keys(all).sort());
    expect(found.length).toBeGreaterThan(10);
  });

  test('arrives as it was however often that is interrupted, and no server starts on a part of it', async () => {
    const whole = await contentsOf(snapshot);
    let attempts = 0;
    /** Gives three chunks, and dies. */
    const brittle: Contents = {
      ...whole,
      chunks: async function* (done) {
        let given = 0;
        for await (const chunk of whole.chunks(done)) {
          if (++given === 3) throw new Error('killed');
          yield chunk;
        }
      },
      settle: () =>
        attempts++ < 40 && attempts % 2 ? Promise.reject(new Error('killed at the end')) : Promise.resolve(),
    };
    for (let i = 0; ; i++) {
      const failure = await fill(urls(), brittle, doing).then(
        () => undefined,
        (error: Error) => error.message,
      );
      if (failure === undefined) break;
      expect(failure).toMatch(/^killed/);
      expect(i).toBeLessThan(60);
      if (i < 2) await expect(startsThere()).rejects.toThrow('not everything is there');
      if (i === 1)
        await expect(fill(urls(), { ...whole, source: 'another' }, doing)).rejects.toThrow(
          'something else was put there',
        );
    }
    await startsThere();
    expect(await contents(target.url)).toEqual(await contents(origin.url));
    await expect(fill(urls(), whole, doing)).rejects.toThrow('there are tables of chat already');
  });

  test('fits into a file that only its owner can read, and comes back from it', async () => {
    const file = join(folder, 'backup.tar.gz');
    const writer = await ArchiveWriter.create(file);
    const whole = await contentsOf(snapshot);
    for (const table of await snapshot.tables())
      for await (const chunk of snapshot.chunks(table, () => undefined)) await writer.addChunk(chunk);
    const secrets = [await writer.addSecret('private.pem', Buffer.from('a key'))];
    const sequences = { auth: await snapshot.sequences('auth'), chat: await snapshot.sequences('chat') };
    await writer.finish(whole.tables, { migrations: whole.migrations, sequences, secrets });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await expect(ArchiveWriter.create(file)).rejects.toThrow('is there already');

    const archive = await Archive.open(file);
    expect(archive.secrets.get('private.pem')?.toString()).toBe('a key');
    const { manifest } = archive;
    const restored: Contents = {
      ...manifest,
      source: archive.id,
      why: '',
      chunks: () => archive.chunks(),
      sequences: (service) => Promise.resolve(manifest.sequences[service]),
    };
    const newer = { ...manifest.migrations, auth: [...manifest.migrations.auth, 'Tomorrow2000000000000'] };
    await expect(fill(urls(), { ...restored, migrations: newer }, doing)).rejects.toThrow(
      'of a newer version',
    );
    // of a release from before: its tables are made as they were, and a start brings them to this version
    await fill(urls(), restored, doing);
    expect(await contents(target.url)).toEqual(await contents(origin.url));
  });

  test('is not restored from a file that is anything else than what was written', async () => {
    const file = join(folder, 'backup.tar.gz');
    const damaged = join(folder, 'damaged.tar.gz');
    const bytes = readFileSync(file);
    const refused = async (content: Buffer): Promise<string> => {
      writeFileSync(damaged, content);
      chmodSync(damaged, 0o600);
      return Archive.open(damaged).then(
        () => 'taken',
        (error: Error) => error.message.replace(damaged, 'it'),
      );
    };
    const tar = gunzipSync(bytes);
    const changed = (from: string, to: string): Buffer => {
      const at = tar.indexOf(from);
      expect(at).toBeGreaterThan(0);
      const copy = Buffer.from(tar);
      copy.write(to, at);
      return gzipSync(copy, { level: 1 });
    };
    expect(await refused(bytes.subarray(0, bytes.length / 2))).toMatch(/^it cannot be restored: /);
    // cut off where a compressed file may end
    expect(await refused(gzipSync(tar.subarray(0, 512 * 200), { level: 1 }))).toMatch(
      /^it cannot be restored: /,
    );
    expect(await refused(changed('Привет', 'ПривеТ'))).toBe(
      'it cannot be restored: chat.room_events is not what it was',
    );
    expect(await refused(changed('a key', 'b key'))).toBe(
      'it cannot be restored: the key private.pem is not what it was',
    );
    expect(await refused(changed('"format": 1', '"format": 9'))).toMatch(/its format is 9/);
    expect(await refused(gzipSync(Buffer.alloc(1024)))).toMatch(/it was cut off/);
    expect(await refused(Buffer.from('nothing of ours'))).toMatch(/^it cannot be restored: /);
    expect(await refused(bytes)).toBe('taken');
  });

  test('can be of an earlier release', async () => {
    const before = SERVICES.map((service) => (service === 'auth' ? AUTH_DATABASE : CHAT_DATABASE)).map(
      (known) => ({
        ...known,
        migrations: known.migrations.slice(0, -1),
      }),
    );
    const old = await testDatabaseUrl();
    try {
      for (const known of before) {
        const database = await openDatabase({ ...known, url: old.url, poolSize: 1 });
        await database.source.destroy();
      }
      const earlier = await Snapshot.open({ auth: old.url, chat: old.url }, false);
      await fill(urls(), await contentsOf(earlier), doing);
      expect(await contents(target.url)).toEqual(await contents(old.url));
      await earlier.close();
      await startsThere();
    } finally {
      await old.drop();
    }
  });
});
