import {
  type DynamicModule,
  Inject,
  Injectable,
  Logger,
  Module,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Client } from 'pg';
import { DataSource, type EntitySchema, type MigrationInterface } from 'typeorm';
import { Database } from './database';

// eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- TypeORM's own type for an entity class
type Entity = Function | EntitySchema;

export interface DatabaseOptions {
  /** Names the data source and owns the schema of the same name. */
  readonly name: 'auth' | 'chat';
  readonly url: string;
  readonly poolSize: number;
  readonly entities: readonly Entity[];
  readonly migrations: readonly (new () => MigrationInterface)[];
}

const token = (name: string): string => `Database:${name}`;

/** The {@link Database} of a service. */
export const InjectDatabase = (name: DatabaseOptions['name']): ParameterDecorator => Inject(token(name));

/** Any number that all replicas agree on. */
const MIGRATION_LOCK = 0x76_65_63_68; // "vech"

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
 * Applies migrations; replicas that start together take turns. The turn is held by a connection of its own: the
 * pool may have no more than the one that the migrations need.
 */
const migrate = async (source: DataSource, { name, url }: DatabaseOptions): Promise<void> => {
  const turn = new Client({
    connectionString: url,
    connectionTimeoutMillis: 10_000,
    statement_timeout: 60_000,
  });
  turn.on('error', () => undefined); // a turn that was lost is noticed by the next query
  await turn.connect();
  try {
    await turn.query('SELECT pg_advisory_lock($1, hashtext($2))', [MIGRATION_LOCK, name]);
    await turn.query(`CREATE SCHEMA IF NOT EXISTS "${name}"`);
    await source.runMigrations({ transaction: 'each' });
  } finally {
    await turn.end(); // and the lock with it
  }
};

/** Opens a service's database: creates it where it is missing, and applies its migrations. */
export const openDatabase = async (options: DatabaseOptions): Promise<Database> => {
  await createIfMissing(options.url);
  const source = new DataSource({
    type: 'postgres',
    url: options.url,
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
    extra: { connectionTimeoutMillis: 5_000, statement_timeout: 15_000, idleTimeoutMillis: 60_000 },
  });
  await source.initialize();
  try {
    await migrate(source, options);
  } catch (error) {
    await source.destroy();
    throw error;
  }
  return new Database(source);
};

@Injectable()
class DatabaseCloser implements OnApplicationShutdown {
  constructor(private readonly database: Database) {}
  async onApplicationShutdown(): Promise<void> {
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
