import { randomUUID } from 'node:crypto';
import { Pool } from 'pg';

const LANES = 16;

/**
 * What sends are held against besides Socket.IO: a table like the log's, where each message is an insert and a
 * commit of its own, from sixteen connections at once.
 * @returns rows a second
 */
export const insertsPerSecond = async (url: string, seconds: number): Promise<number> => {
  const pool = new Pool({ connectionString: url, max: LANES });
  await pool.query(
    `CREATE TABLE plain (room_id uuid, seq bigint, actor_id uuid, type text, message_id uuid, text text,
       client_id text, at timestamptz, PRIMARY KEY (room_id, seq), UNIQUE (actor_id, client_id))`,
  );
  const text = 'and so on '.repeat(8);
  let rows = 0;
  let on = true;
  const lane = async (): Promise<void> => {
    const [roomId, authorId] = [randomUUID(), randomUUID()];
    for (let seq = 1; on; seq++) {
      await pool.query({
        name: 'insert',
        text: `INSERT INTO plain VALUES ($1, $2, $3, 'message.created', $4, $5, $6, now())`,
        values: [roomId, seq, authorId, randomUUID(), text, randomUUID()],
      });
      rows++;
    }
  };
  const lanes = Array.from({ length: LANES }, lane);
  const from = performance.now();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const perSecond = (rows / (performance.now() - from)) * 1000;
  on = false;
  await Promise.all(lanes);
  await pool.query('DROP TABLE plain');
  await pool.end();
  return perSecond;
};
