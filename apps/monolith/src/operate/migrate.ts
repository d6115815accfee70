import type { Config } from '@veche/config';
import { type Database, migrateDown, migrateUp, migrationsOf, openDatabase } from '@veche/database';
import { AUTH_DATABASE } from '../../../auth/src/auth.database';
import { CHAT_DATABASE } from '../../../chat/src/chat.database';
import { openDatabases } from '../databases';

export const DIRECTIONS = ['up', 'down', 'status'] as const;
export type Direction = (typeof DIRECTIONS)[number];
export const SERVICES = ['auth', 'chat'] as const;
export type Service = (typeof SERVICES)[number];

const DATABASES = { auth: AUTH_DATABASE, chat: CHAT_DATABASE };

/** An operator who waits wants to know soon. */
const PATIENCE_MS = 10_000;

/** @returns whether every table is of this version; of `up` and `down`, true: they have done it or thrown */
export const migrate = async (
  config: Config,
  direction: Direction,
  services: readonly Service[],
  say: (line: string) => void,
): Promise<boolean> => {
  const urls = await openDatabases(config);
  let good = true;
  try {
    for (const name of services) {
      const options = { ...DATABASES[name], url: urls[name], poolSize: 1, patienceMs: PATIENCE_MS };
      const database = await openDatabase({ ...options, tables: 'leave' });
      try {
        good = (await step(database, name, direction, say)) && good;
      } finally {
        await database.source.destroy();
      }
    }
  } finally {
    await urls.close();
  }
  return good;
};

const step = async (
  database: Database,
  name: Service,
  direction: Direction,
  say: (line: string) => void,
): Promise<boolean> => {
  if (direction === 'status') {
    const migrations = await migrationsOf(database);
    for (const migration of migrations)
      say(`${name}: ${migration.applied ? 'applied' : 'missing'}  ${migration.name}`);
    return migrations.every(({ applied }) => applied);
  }
  const done = direction === 'up' ? await migrateUp(database) : await migrateDown(database);
  for (const migration of done)
    say(`${name}: ${direction === 'up' ? 'applied' : 'taken back'}  ${migration}`);
  if (done.length === 0) say(`${name}: there was nothing to do`);
  return true;
};
