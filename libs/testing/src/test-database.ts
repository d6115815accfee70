import { type Database, type DatabaseOptions, openDatabase } from '@veche/database';
import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { openEmptyEmbedded } from './embedded';

export interface TestDatabaseUrl {
  readonly url: string;
  /** Takes the database away, with whoever is still connected to it. */
  drop(): Promise<void>;
}

export interface TestDatabase {
  readonly database: Database;
  readonly url: string;
  close(): Promise<void>;
}

const onServer = async <T>(server: string, work: (client: Client) => Promise<T>): Promise<T> => {
  const client = new Client({ connectionString: server, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
};

/** A new, empty database: in the server at TEST_DATABASE_URL, or an embedded one where that is not set. */
export const testDatabaseUrl = async (): Promise<TestDatabaseUrl> => {
  const server = process.env.TEST_DATABASE_URL;
  if (!server) {
    const { url, close } = await openEmptyEmbedded();
    return { url, drop: close };
  }
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await onServer(server, (client) => client.query(`CREATE DATABASE ${name}`));
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: async () => {
      await onServer(server, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
    },
  };
};

/** A service's database as it is after its migrations, with nothing in it. */
export const openTestDatabase = async (
  options: Omit<DatabaseOptions, 'url' | 'poolSize'> & { poolSize?: number },
): Promise<TestDatabase> => {
  const { url, drop } = await testDatabaseUrl();
  const database = await openDatabase({ poolSize: 10, ...options, url }).catch(async (error: unknown) => {
    await drop();
    throw error;
  });
  const close = async (): Promise<void> => {
    await database.source.destroy();
    await drop();
  };
  return { database, url, close };
};
