import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { createClient } from 'redis';

/** @throws when it is missing: a shape that cannot be tested has failed, it is not skipped */
const required = (name: 'TEST_DATABASE_URL' | 'TEST_REDIS_URL'): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} must be set for this shape`);
  return value;
};

/** Where a Redis for tests is; a database of it that no other server of this run is likely to have. */
export const testRedis = async (): Promise<string> => {
  const url = new URL(required('TEST_REDIS_URL'));
  url.pathname = `/${1 + Math.floor(Math.random() * 15)}`;
  const client = createClient({ url: url.href, socket: { connectTimeout: 5_000, reconnectStrategy: false } });
  client.on('error', () => undefined);
  await client.connect().catch((error: Error) => {
    throw new Error(`no Redis at TEST_REDIS_URL: ${error.message}`);
  });
  await client.disconnect();
  return url.href;
};

/** Names of databases that do not exist yet (the server makes them), and the means to drop them. */
export class TestDatabases {
  private readonly names = new Set<string>();
  private readonly run = `veche_e2e_${randomBytes(5).toString('hex')}`;

  url(purpose: string): string {
    const url = new URL(required('TEST_DATABASE_URL'));
    const name = `${this.run}_${purpose}`;
    this.names.add(name);
    url.pathname = `/${name}`;
    return url.href;
  }

  async drop(): Promise<void> {
    if (this.names.size === 0) return;
    const client = new Client({ connectionString: required('TEST_DATABASE_URL') });
    await client.connect();
    for (const name of this.names) await client.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
    await client.end();
  }
}
