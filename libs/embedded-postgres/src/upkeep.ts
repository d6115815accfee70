import { Client } from 'pg';

/** Write-ahead log after which a checkpoint is made: what a start after a kill has to read again. */
const CHECKPOINT_BYTES = 32 * 1024 * 1024;

/** https://www.postgresql.org/docs/current/routine-vacuuming.html#AUTOVACUUM, with its default thresholds */
const WORN_TABLES = `
  SELECT format('%I.%I', s.schemaname, s.relname) AS "table"
  FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid
  WHERE s.n_dead_tup > 50 + 0.2 * greatest(c.reltuples, 0)
     OR s.n_ins_since_vacuum > 1000 + 0.2 * greatest(c.reltuples, 0)
     OR s.n_mod_since_analyze > 50 + 0.1 * greatest(c.reltuples, 0)`;

/**
 * What PostgreSQL's background processes would do, which do not exist in one process: vacuums tables that have
 * worn, and makes checkpoints. One statement at a time, so that clients get their turns in between.
 * @param mayCheckpoint asked where one is due; the next round asks again
 */
export const upkeep = async (url: string, mayCheckpoint: () => Promise<boolean>): Promise<void> => {
  const client = new Client({ connectionString: url, application_name: 'upkeep' });
  await client.connect();
  try {
    const worn = await client.query<{ table: string }>(WORN_TABLES);
    for (const { table } of worn.rows) await client.query(`VACUUM (ANALYZE) ${table}`);
    const log = await client.query<{ bytes: string }>(
      'SELECT pg_current_wal_lsn() - redo_lsn AS bytes FROM pg_control_checkpoint()',
    );
    if (Number(log.rows[0]?.bytes) > CHECKPOINT_BYTES && (await mayCheckpoint()))
      await client.query('CHECKPOINT');
  } finally {
    await client.end();
  }
};
