import { openDatabase } from '@veche/database';
import { testDatabaseUrl } from '@veche/testing';
import { v7 as uuid } from 'uuid';
import { AUTH_DATABASE } from '../auth.database';
import { NamesAndLooks1765000003000 } from './1765000003000-names-and-looks';

const BEFORE = AUTH_DATABASE.migrations.slice(
  0,
  (AUTH_DATABASE.migrations as readonly unknown[]).indexOf(NamesAndLooks1765000003000),
);

test('accounts of before are found by their words, and keep their names, also where two look the same', async () => {
  const { url, drop } = await testDatabaseUrl();
  const options = { ...AUTH_DATABASE, url, poolSize: 2 };
  const before = await openDatabase({ ...options, migrations: BEFORE });
  const ids = Array.from({ length: 1_203 }, () => uuid());
  const [first, second] = ids;
  // as they are made: one by one
  await before.query(
    `INSERT INTO auth.users (id, username, username_key, email, email_key, password_hash, display_name,
       display_name_key, role, created_at)
     SELECT id, name, name, name, name, '', display, lower(display), 'user', now() + place * interval '1 second'
     FROM unnest($1::uuid[], $2::text[], $3::text[]) WITH ORDINALITY AS given (id, name, display, place)`,
    [
      ids,
      ids.map((_, i) => ['olga1', 'olgal'][i] ?? `person${i}x`),
      ids.map((_, i) => ['Анна Карпова', 'Günter Müller'][i] ?? `Number ${i}`),
    ],
  );
  await before.source.destroy();

  const after = await openDatabase(options);
  const withWord = async (word: string): Promise<string[]> =>
    (
      await after.query<{ user_id: string }>('SELECT user_id FROM auth.user_words WHERE word = $1', [word])
    ).map((row) => row.user_id);
  expect(await withWord('карпова')).toEqual([first]);
  expect(await withWord('muller')).toEqual([second]);
  expect(await withWord('number')).toHaveLength(1_201);
  const owners = await after.query('SELECT user_id FROM auth.username_looks WHERE look = $1', ['olgal']);
  expect(owners).toEqual([{ user_id: first }]);
  const [counted] = await after.query(
    `SELECT count(*)::int AS all, count(DISTINCT display_name_look)::int AS different FROM auth.users`,
  );
  expect(counted).toEqual({ all: 1_203, different: 1_203 });

  const runner = after.source.createQueryRunner();
  await new NamesAndLooks1765000003000().down(runner);
  expect(await after.query('SELECT display_name_key FROM auth.users WHERE id = $1', [first])).toEqual([
    { display_name_key: 'анна карпова' },
  ]);
  await new NamesAndLooks1765000003000().up(runner);
  expect(await withWord('карпова')).toEqual([first]);
  await runner.release();
  await after.source.destroy();
  await drop();
});
