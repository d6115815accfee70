import fastify from 'fastify';
import { Pool } from 'pg';

// What a REST server of messages does with nothing around it: no accounts, no rights, no numbers without gaps. A post is
// one insert, and a page is one select.
const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
const server = fastify();
let seq = 0;

interface Room {
  Params: { id: string };
}

server.post<Room & { Body: { text: string; clientId: string } }>(
  '/rooms/:id/messages',
  async ({ params, body }, reply) => {
    const { rows } = await pool.query(
      `INSERT INTO plain_messages (room_id, seq, actor_id, type, message_id, text, client_id, at)
       VALUES ($1, $2, $1, 'message.created', gen_random_uuid(), $3, $4, now()) RETURNING *`,
      [params.id, ++seq, body.text, body.clientId],
    );
    return reply.status(201).send(rows[0]);
  },
);

server.get<Room & { Querystring: { before: string; limit: string } }>(
  '/rooms/:id/messages',
  async ({ params, query }) => {
    const { rows } = await pool.query(
      `SELECT * FROM plain_messages WHERE room_id = $1 AND seq < $2 AND type = 'message.created'
       ORDER BY seq DESC LIMIT $3`,
      [params.id, query.before, query.limit],
    );
    return { items: rows as unknown[], nextBefore: (rows.at(-1) as { seq: string } | undefined)?.seq };
  },
);

const start = async (): Promise<void> => {
  await pool.query(
    `CREATE TABLE plain_messages (room_id uuid, seq bigint, actor_id uuid, type text, message_id uuid, text text,
       client_id text, at timestamptz, PRIMARY KEY (room_id, seq), UNIQUE (actor_id, client_id))`,
  );
  await server.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
};

// it owes nobody anything
process.on('SIGTERM', () => process.exit(0));
start().catch((error: Error) => {
  console.error(error);
  process.exit(1);
});
