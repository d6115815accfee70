import { Client } from 'pg';

/**
 * Lets PostgreSQL write out what waits to be written, so that no scenario waits for the disk on account of the one
 * before it. It may only be asked by a superuser, or a member of pg_checkpoint; others are not refused the benchmark.
 */
export const checkpoint = async (url: string): Promise<void> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('CHECKPOINT');
  } catch (error) {
    if ((error as { code?: string }).code !== INSUFFICIENT_PRIVILEGE) throw error;
  } finally {
    await client.end();
  }
};

const INSUFFICIENT_PRIVILEGE = '42501';
