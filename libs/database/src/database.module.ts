import {
  type DynamicModule,
  Inject,
  Injectable,
  Logger,
  Module,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Client, type ClientConfig } from 'pg';
import { DataSource, type EntitySchema, type MigrationInterface } from 'typeorm';
import { requireOpen } from './closed';
import { Database } from './database';
import { firstConnection } from './first-connection';
import { migrateUp, requireMigrated } from './migrations';

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
  /** Whether the tables are brought to this version, or a start is refused where they are not; brought unless told. */
  readonly tables?: 'migrate' | 'require' | 'leave';
  /** How long a server is waited for that is not there when the process starts; a minute unless told. */
  readonly patienceMs?: number;
}

const token = (name: string): string => `Database:${name}`;

/** The {@link Database} of a service. */
export const InjectDatabase = (name: DatabaseOptions['name']): ParameterDecorator => Inject(token(name));

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

/** Opens a service's database: waits for its server, creates it where it is missing, and sees to its tables. */
export const openDatabase = async (options: DatabaseOptions): Promise<Database> => {
  const { url, patienceMs = PATIENCE_MS, tables = 'migrate' } = options;
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
  const database = new Database(source, undefined, options.sessions ?? options.poolSize);
  try {
    if (tables !== 'leave') await requireOpen(database, options.name);
    if (tables === 'migrate') await migrateUp(database);
    if (tables === 'require') await requireMigrated(database);
  } catch (error) {
    await source.destroy();
    throw error;
  }
  return database;
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
