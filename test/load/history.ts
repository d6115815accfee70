import { Client } from 'pg';
import { Histogram } from './histogram';
import type { VecheTarget } from './targets';

export interface HistoryFigures {
  readonly entries: number;
  /** Median milliseconds of a page of 50 from the middle of the room, and of a message, one at a time by REST. */
  readonly page: number;
  readonly append: number;
}

const SIZES = [1_000, 1_000_000];
const CALLS = 400;

/** A log as long as told, written past the server: sending a million messages would take minutes. */
export const lengthen = async (
  url: string,
  roomId: string,
  authorId: string,
  length: number,
): Promise<void> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(
      `INSERT INTO chat.room_events (bucket, room_id, seq, actor_id, type, message_id, text, client_id, at)
       SELECT chat.bucket($1), $1::uuid, i, $2, 'message.created', gen_random_uuid(), 'and so on and so on and so on', $1::text || i, now()
       FROM generate_series((SELECT last_seq + 1 FROM chat.rooms WHERE id = $1), $3::bigint) AS i`,
      [roomId, authorId, length],
    );
    await client.query('UPDATE chat.rooms SET last_seq = $2 WHERE id = $1', [roomId, length]);
    await client.query('VACUUM ANALYZE chat.room_events');
  } finally {
    await client.end();
  }
};

const median = async (call: (i: number) => Promise<unknown>): Promise<number> => {
  const times = new Histogram();
  for (let i = 0; i < CALLS; i++) {
    const from = performance.now();
    await call(i);
    // the first ones warm up
    if (i >= CALLS / 4) times.add(performance.now() - from);
  }
  return times.quantile(0.5);
};

/** What the length of a room does to reading and writing in it. */
export const history = async (target: VecheTarget, databaseUrl: string): Promise<HistoryFigures[]> => {
  const [person] = await target.atLeast(1);
  if (!person) throw new Error('there is nobody');
  const rooms = [];
  for (const entries of SIZES) {
    const { id } = await person.createRoom('private');
    await lengthen(databaseUrl, id, person.id, entries);
    rooms.push({ id, entries });
  }
  const figures: HistoryFigures[] = [];
  for (const { id, entries } of rooms) {
    const page = await median((i) =>
      person.rest.get(`/rooms/${id}/messages?before=${Math.floor(entries / 2) + i}&limit=50`),
    );
    const append = await median((i) => person.send(id, `and one more ${i}`));
    figures.push({ entries, page, append });
  }
  return figures;
};
