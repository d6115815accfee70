import { MigrationExecutor } from 'typeorm';
import type { Database } from './database';

/** Any number that all replicas agree on. */
const MIGRATION_LOCK = 0x76_65_63_68; // "vech"
const MIGRATION_TURN_MS = 60_000;

/** One step of the tables from one version to the next. */
export interface Migration {
  readonly name: string;
  readonly applied: boolean;
}

const schemaOf = ({ source }: Database): string => (source.options as { schema?: string }).schema ?? 'public';
const nameOf = ({ name, constructor }: { name?: string; constructor: { name: string } }): string =>
  name ?? constructor.name;

/** The steps that this version knows, in their order, and behind them those that only a newer one can have applied. */
export const migrationsOf = async (database: Database): Promise<Migration[]> => {
  const table = `"${schemaOf(database)}".migrations`;
  const [there] = await database.query<{ found: string | null }>('SELECT to_regclass($1)::text AS found', [
    table,
  ]);
  const rows = there?.found ? await database.query<{ name: string }>(`SELECT name FROM ${table}`) : [];
  const applied = new Set(rows.map(({ name }) => name));
  const known = database.source.migrations.map(nameOf);
  const newer = [...applied].filter((name) => !known.includes(name));
  return [
    ...known.map((name) => ({ name, applied: applied.has(name) })),
    ...newer.map((name) => ({ name, applied: true })),
  ];
};

/**
 * Applies what is missing, all or nothing.
 * @returns the names of what was applied; none where another replica has done it
 */
export const migrateUp = (database: Database): Promise<string[]> =>
  inTurn(database, async (executor) => (await executor.executePendingMigrations()).map(nameOf));

/**
 * Takes the last step back, and with it what only it has room for.
 * @throws Error where that step is of a newer version, which alone knows how
 */
export const migrateDown = async (database: Database): Promise<string[]> =>
  inTurn(database, async (executor) => {
    const before = (await executor.getExecutedMigrations()).map(nameOf);
    await executor.undoLastMigration();
    const after = new Set((await executor.getExecutedMigrations()).map(nameOf));
    return before.filter((name) => !after.has(name));
  });

/** What a start does about the tables, as it was configured. */
export const tablesOf = ({ MIGRATE_ON_START }: { MIGRATE_ON_START: boolean }): 'migrate' | 'require' =>
  MIGRATE_ON_START ? 'migrate' : 'require';

/** @throws Error with what to do, where the tables are of another version */
export const requireMigrated = async (database: Database): Promise<void> => {
  const missing = (await migrationsOf(database)).filter(({ applied }) => !applied);
  if (missing.length === 0) return;
  throw new Error(
    `The tables of ${schemaOf(database)} are older than this version (${missing.length} migrations are missing): ` +
      'run veche migrate up, or set MIGRATE_ON_START=true',
  );
};

/**
 * Replicas that start together take turns. The turn is a lock of the transaction itself, so that one connection is
 * enough and the embedded database, which has one session for all, keeps it too.
 */
const inTurn = async <T>(
  database: Database,
  work: (executor: MigrationExecutor) => Promise<T>,
): Promise<T> => {
  const { source } = database;
  const schema = schemaOf(database);
  const runner = source.createQueryRunner();
  try {
    await runner.startTransaction();
    await runner.query('SET LOCAL statement_timeout = 0');
    await runner.query(`SET LOCAL lock_timeout = ${MIGRATION_TURN_MS}`);
    await runner.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [MIGRATION_LOCK, schema]);
    await runner.query(`CREATE SCHEMA IF NOT EXISTS "${schema}"`);
    const executor = new MigrationExecutor(source, runner);
    executor.transaction = 'none'; // this one
    const done = await work(executor);
    await runner.commitTransaction();
    return done;
  } catch (error) {
    await runner.rollbackTransaction().catch(() => undefined);
    throw error;
  } finally {
    await runner.release();
  }
};
