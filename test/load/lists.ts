import { Client } from 'pg';
import { Histogram } from './histogram';
import type { VecheTarget } from './targets';
import { WireClient } from './wire-client';

export interface ListFigures {
  readonly rooms: number;
  readonly unread: number;
  /** Median milliseconds of the first page of `GET /rooms`, and of one in the middle. */
  readonly firstPage: number;
  readonly middlePage: number;
  /** All pages, one after the other. */
  readonly whole: number;
  /** Milliseconds from the beginning of a connection to `ready`, and what that weighs. */
  readonly ready: number;
  readonly readyBytes: number;
}

const ROOMS = 2_000;
const UNREAD = 500;
const CALLS = 40;

/** Rooms that were busy while their member was away, written past the server. */
const fill = async (url: string, userId: string, otherId: string): Promise<void> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(
      `CREATE TEMP TABLE filled AS
       SELECT id, get_byte(uuid_send(id), 15)::smallint AS bucket, i
       FROM (SELECT gen_random_uuid() AS id, i FROM generate_series(1, ${ROOMS}) i) made`,
    );
    await client.query(
      `INSERT INTO chat.rooms (bucket, id, kind, name, name_key, created_by, created_at, last_seq, last_at, member_count)
       SELECT bucket, id, 'private', 'filled ' || i, 'filled ' || i, $1, now(), ${UNREAD},
         now() - i * interval '1 minute', 2
       FROM filled`,
      [otherId],
    );
    await client.query(
      `INSERT INTO chat.members (bucket, room_id, user_id, role, joined_at)
       SELECT bucket, id, u, 'member', now() FROM filled, unnest($1::uuid[]) AS u`,
      [[userId, otherId]],
    );
    // as they come: those of all rooms among each other
    await client.query(
      `INSERT INTO chat.room_events (bucket, room_id, seq, actor_id, type, message_id, text, client_id, at)
       SELECT bucket, id, seq, $1, 'message.created', gen_random_uuid(), 'and so on and so on and so on', id::text || seq,
         now() - i * interval '1 minute'
       FROM generate_series(1, ${UNREAD}) AS seq, filled ORDER BY seq, i`,
      [otherId],
    );
    await client.query('VACUUM ANALYZE chat.room_events, chat.rooms, chat.members');
  } finally {
    await client.end();
  }
};

const median = async (call: () => Promise<number>): Promise<number> => {
  const times = new Histogram();
  for (let i = 0; i < CALLS; i++) {
    const ms = await call();
    // the first ones warm up
    if (i >= CALLS / 4) times.add(ms);
  }
  return times.quantile(0.5);
};

const timed = async <T>(call: () => Promise<T>): Promise<{ ms: number; answer: T }> => {
  const from = performance.now();
  const answer = await call();
  return { ms: performance.now() - from, answer };
};

/** What somebody waits for who comes back to many rooms with much unread. */
export const lists = async (target: VecheTarget, databaseUrl: string): Promise<ListFigures> => {
  const [person, other] = await target.atLeast(2);
  if (!person || !other) throw new Error('there is nobody');
  await fill(databaseUrl, person.id, other.id);
  type Page = { items: { unread: number }[]; nextCursor?: string };
  const page = (cursor?: string): Promise<Page> =>
    person.rest.get(`/rooms${cursor === undefined ? '' : `?cursor=${cursor}`}`);

  const cursors: string[] = [];
  let unread = 0;
  const whole = await timed(async () => {
    for (let cursor: string | undefined; ;) {
      const { items, nextCursor } = await page(cursor);
      for (const room of items) unread += room.unread;
      if (nextCursor === undefined) return;
      cursors.push((cursor = nextCursor));
    }
  });
  const middle = cursors[Math.floor(cursors.length / 2)];
  const firstPage = await median(async () => (await timed(() => page())).ms);
  const middlePage = await median(async () => (await timed(() => page(middle))).ms);

  let readyBytes = 0;
  const ready = await median(async () => {
    readyBytes = 0;
    const heard = {
      event: (payload: Buffer) => void (readyBytes ||= payload.length),
      closed: () => undefined,
    };
    const { ms, answer } = await timed(() => WireClient.open(person.rest.gateway, person.token, heard));
    answer.close();
    return ms;
  });
  return { rooms: ROOMS, unread, firstPage, middlePage, whole: whole.ms, ready, readyBytes };
};
