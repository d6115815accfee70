import {
  type DynamicModule,
  Inject,
  Injectable,
  Logger,
  Module,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Client, type ClientConfig } from 'pg';
import { DataSource, type EntitySchema, MigrationExecutor, type MigrationInterface } from 'typeorm';
import { Database } from './database';
import { firstConnection } from './first-connection';

// eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- TypeORM's own type for an entity class
type Entity = Function | EntitySchema;

export interface DatabaseOptions {
  /** Names the data source and owns the schema of the same name. */
  readonly name: 'auth' | 'chat';
  readonly url: string;
  readonly poolSize: number;
  /** How many connections have a session of their own; the embedded server has one for all. Left out: each has. */
  readonly sessions?: number | undefined;
  readonly entities: readonly Entity[];
  readonly migrations: readonly (new () => MigrationInterface)[];
  /** How long a server is waited for that is not there when the process starts; a minute unless told. */
  readonly patienceMs?: number;
}

const token = (name: string): string => `Database:${name}`;

/** The {@link Database} of a service. */
export const InjectDatabase = (name: DatabaseOptions['name']): ParameterDecorator => Inject(token(name));

/** Any number that all replicas agree on. */
const MIGRATION_LOCK = 0x76_65_63_68; // "vech"
const MIGRATION_TURN_MS = 60_000;
const PATIENCE_MS = 60_000;

/** Connects to the server's maintenance database and creates the one that is wanted, if it is missing. */
const createIfMissing = async (url: string): Promise<void> => {
  const wanted = new URL(url);
  const name = decodeURIComponent(wanted.pathname.slice(1)) || 'postgres';
  const probe = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  try {
    await probe.connect();
    return;
  } catch (error) {
    if ((error as { code?: string }).code !== '3D000') throw error; // invalid_catalog_name
  } finally {
    await probe.end().catch(() => undefined);
  }
  wanted.pathname = '/postgres';
  const admin = new Client({ connectionString: wanted.href, connectionTimeoutMillis: 10_000 });
  await admin.connect();
  try {
    await admin.query(`CREATE DATABASE ${admin.escapeIdentifier(name)}`);
  } catch (error) {
    // another replica was faster
    if (!['42P04', '23505'].includes((error as { code?: string }).code ?? '')) throw error;
  } finally {
    await admin.end();
  }
};

/**
 * Applies migrations, all or none; replicas that start together take turns. The turn is a lock of the transaction
 * itself, so that one connection is enough and the embedded database, which has one session for all, keeps it too.
 */
const migrate = async (source: DataSource, schema: string): Promise<void> => {
  const runner = source.createQueryRunner();
  try {
    await runner.startTransaction();
    await runner.query('SET LOCAL statement_timeout = 0');
    await runner.query(`SET LOCAL lock_timeout = ${MIGRATION_TURN_MS}`);
    await runner.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [MIGRATION_LOCK, schema]);
    await runner.query(`CREATE SCHEMA IF NOT EXISTS "${schema}"`);
    const migrations = new MigrationExecutor(source, runner);
    migrations.transaction = 'none'; // this one
    await migrations.executePendingMigrations();
    await runner.commitTransaction();
  } catch (error) {
    await runner.rollbackTransaction().catch(() => undefined);
    throw error;
  } finally {
    await runner.release();
  }
};

/**
 * A connection whose errors end no process. The pool listens to those that rest and whoever has one to theirs, but one
 * that breaks while it changes hands (a server that goes down says so along with its welcome) has nobody: it shows with
 * the first query.
 */
class PooledClient extends Client {
  constructor(config?: ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}

/** Opens a service's database: waits for its server, creates it where it is missing, and applies its migrations. */
export const openDatabase = async (options: DatabaseOptions): Promise<Database> => {
  const { url, patienceMs = PATIENCE_MS } = options;
  await firstConnection(url, () => createIfMissing(url), patienceMs);
  const source = new DataSource({
    type: 'postgres',
    url,
    schema: options.name,
    entities: [...options.entities],
    migrations: [...options.migrations],
    migrationsTableName: 'migrations',
    synchronize: false,
    uuidExtension: 'pgcrypto',
    installExtensions: false,
    poolSize: options.poolSize,
    applicationName: `veche-${options.name}`,
    poolErrorHandler: (error: Error) => new Logger('Database').warn(`connection lost: ${error.message}`),
    extra: {
      Client: PooledClient,
      connectionTimeoutMillis: 5_000,
      statement_timeout: 15_000,
      // a process that vanished in a transaction must not keep its locks: its rooms stand still meanwhile
      idle_in_transaction_session_timeout: 4_000,
      idleTimeoutMillis: 60_000,
      keepAlive: true,
      // without it, the kernel's two hours
      keepAliveInitialDelayMillis: 10_000,
    },
  });
  await source.initialize();
  try {
    await migrate(source, options.name);
  } catch (error) {
    await source.destroy();
    throw error;
  }
  return new Database(source, undefined, options.sessions ?? options.poolSize);
};

@Injectable()
class DatabaseCloser implements OnApplicationShutdown {
  private readonly unwatch: () => void;

  constructor(private readonly database: Database) {
    this.unwatch = database.watch();
  }

  async onApplicationShutdown(): Promise<void> {
    this.unwatch();
    await this.database.source.destroy();
  }
}

/** A service's {@link Database}, open for as long as the process runs. */
@Module({})
export class DatabaseModule {
  static forRoot(options: DatabaseOptions): DynamicModule {
    const closer = Symbol(`closer of ${options.name}`);
    return {
      module: DatabaseModule,
      global: true,
      providers: [
        { provide: token(options.name), useFactory: () => openDatabase(options) },
        {
          provide: closer,
          useFactory: (db: Database) => new DatabaseCloser(db),
          inject: [token(options.name)],
        },
      ],
      exports: [token(options.name)],
    };
  }
}
