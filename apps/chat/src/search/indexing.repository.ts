import { Injectable } from '@nestjs/common';
import { Database, InjectDatabase, type Queries } from '@veche/database';
import { createHash } from 'node:crypto';
import { isMessage } from '../log/entry.wire';
import { type Indexed, vectorOf } from './lexemes';
import { shortestOf } from './span.rules';

/** A part of a room's log that is not in the index. */
export interface Unindexed {
  readonly roomId: string;
  /** How far the room was indexed when this was read. */
  readonly after: number;
  /** How far it is with this. */
  readonly upTo: number;
  readonly messages: readonly (Indexed & { readonly seq: number })[];
}

interface Row {
  roomId: string;
  after: number;
  entrySeq: number;
  seq: number | null;
  actorId: string | null;
  at: Date | null;
  text: string | null;
}

const hashOf = (text: string): string => createHash('md5').update(text).digest('hex');

/** The index, from the side of those who write it. What takes texts out of it is in the database itself (migrations/). */
@Injectable()
export class IndexingRepository {
  constructor(@InjectDatabase('chat') private readonly db: Database) {}

  /** Some of the rooms whose logs go on after what is indexed. */
  async behind(limit: number): Promise<string[]> {
    const rows = await this.db.query<{ id: string }>(
      `SELECT r.id FROM chat.rooms r
       LEFT JOIN chat.search_cursors c ON c.bucket = r.bucket AND c.room_id = r.id
       WHERE r.last_seq > COALESCE(c.indexed_seq, 0) LIMIT $1`,
      [limit],
    );
    return rows.map(({ id }) => id);
  }

  /**
   * What follows in the logs of rooms after what is indexed, with the texts as they are now.
   * @param limit of entries; rooms that it did not reach are left out
   */
  async unindexed(roomIds: readonly string[], limit: number): Promise<Unindexed[]> {
    const rows = await this.db.query<Row>(
      `SELECT wanted.id AS "roomId", COALESCE(c.indexed_seq, 0)::float8 AS after, e.seq::float8 AS "entrySeq",
         m.seq::float8 AS seq, m.actor_id AS "actorId", m.at, m.text
       FROM unnest($1::uuid[]) AS wanted (id)
       LEFT JOIN chat.search_cursors c ON c.bucket = chat.bucket(wanted.id) AND c.room_id = wanted.id
       CROSS JOIN LATERAL (
         SELECT e.bucket, e.room_id, e.seq, e.type, e.target FROM chat.room_events e
         WHERE e.bucket = chat.bucket(wanted.id) AND e.room_id = wanted.id AND e.seq > COALESCE(c.indexed_seq, 0)
         ORDER BY e.seq LIMIT $2) e
       LEFT JOIN LATERAL (
         SELECT m.seq, m.actor_id, m.at, m.text FROM chat.room_events m
         WHERE m.bucket = e.bucket AND m.room_id = e.room_id
           AND m.seq = CASE WHEN ${isMessage('e')} THEN e.seq WHEN e.type = 'message.edited' THEN e.target END
           AND ${isMessage('m')} AND m.text IS NOT NULL AND m.deleted_at IS NULL) m ON true
       LIMIT $2`,
      [roomIds, limit],
    );
    const rooms = new Map<string, Row[]>();
    for (const row of rows) {
      const known = rooms.get(row.roomId);
      if (known) known.push(row);
      else rooms.set(row.roomId, [row]);
    }
    return [...rooms].map(([roomId, entries]) => {
      const after = entries[0]?.after ?? 0;
      const whole = entries.filter(({ entrySeq }, i) => entrySeq === after + 1 + i);
      return { roomId, after, upTo: after + whole.length, messages: messagesIn(whole) };
    });
  }

  /**
   * Takes parts of logs into the index, all or nothing. A room that somebody else has taken meanwhile, or holds, is left
   * as it is; a text that was changed meanwhile stays out: the entry that tells of it comes later in the log.
   * @returns the rooms that were taken, and how many messages
   */
  async take(parts: readonly Unindexed[]): Promise<{ rooms: Set<string>; messages: number }> {
    return this.db.transaction(async (tx) => {
      await tx.query(
        `INSERT INTO chat.search_cursors (bucket, room_id)
         SELECT r.bucket, r.id FROM unnest($1::uuid[]) AS given (id)
         JOIN chat.rooms r ON r.bucket = chat.bucket(given.id) AND r.id = given.id
         ON CONFLICT DO NOTHING`,
        [parts.filter(({ after }) => after === 0).map(({ roomId }) => roomId)],
      );
      const held = await tx.query<{ roomId: string }>(
        `SELECT c.room_id AS "roomId" FROM unnest($1::uuid[], $2::bigint[]) AS given (id, after)
         JOIN chat.search_cursors c ON c.bucket = chat.bucket(given.id) AND c.room_id = given.id
           AND c.indexed_seq = given.after
         FOR UPDATE OF c SKIP LOCKED`,
        [parts.map(({ roomId }) => roomId), parts.map(({ after }) => after)],
      );
      const rooms = new Set(held.map(({ roomId }) => roomId));
      const taken = parts.filter(({ roomId }) => rooms.has(roomId));
      const messages = await this.insert(
        tx,
        taken.flatMap((part) => part.messages),
      );
      await tx.query(
        `UPDATE chat.search_cursors c SET indexed_seq = given.seq
         FROM unnest($1::uuid[], $2::bigint[]) AS given (id, seq)
         WHERE c.bucket = chat.bucket(given.id) AND c.room_id = given.id`,
        [taken.map(({ roomId }) => roomId), taken.map(({ upTo }) => upTo)],
      );
      return { rooms, messages };
    });
  }

  /** After the rooms were locked: from here on no text of theirs changes. */
  private async insert(tx: Queries, messages: readonly (Indexed & { seq: number })[]): Promise<number> {
    if (messages.length === 0) return 0;
    const done = await tx.query<{ at: Date }>(
      `INSERT INTO chat.search_index (bucket, room_id, seq, at, words)
       SELECT m.bucket, m.room_id, m.seq, m.at, given.words::tsvector
       FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[]) AS given (id, seq, hash, words)
       JOIN chat.room_events m ON m.bucket = chat.bucket(given.id) AND m.room_id = given.id AND m.seq = given.seq
         AND m.deleted_at IS NULL AND md5(m.text) = given.hash
       ON CONFLICT (bucket, room_id, seq) DO UPDATE SET words = excluded.words
       RETURNING at`,
      [
        messages.map(({ roomId }) => roomId),
        messages.map(({ seq }) => seq),
        messages.map(({ text }) => hashOf(text)),
        messages.map(vectorOf),
      ],
    );
    const counts = new Map<number, number>();
    for (const { at } of done)
      counts.set(shortestOf(at.getTime()), (counts.get(shortestOf(at.getTime())) ?? 0) + 1);
    const spans = [...counts.keys()].sort((a, b) => a - b);
    await tx.query(
      `INSERT INTO chat.search_spans AS s (span, messages) SELECT * FROM unnest($1::int[], $2::bigint[])
       ON CONFLICT (span) DO UPDATE SET messages = s.messages + excluded.messages`,
      [spans, spans.map((span) => counts.get(span))],
    );
    return done.length;
  }

  /** Forgets everything; whoever indexes begins again. */
  async reset(): Promise<void> {
    // in one statement, and the cursors among it: who has read by an old cursor finds it gone, and takes nothing in
    await this.db.query('TRUNCATE chat.search_cursors, chat.search_index, chat.search_spans');
  }
}

/** Each message once: an edit of one that is here says what it says already. */
const messagesIn = (entries: readonly Row[]): (Indexed & { seq: number })[] => {
  const messages = new Map<number, Indexed & { seq: number }>();
  for (const { roomId, seq, actorId, at, text } of entries)
    if (seq !== null && actorId !== null && at !== null && text !== null)
      messages.set(seq, { roomId, seq, actorId, at, text });
  return [...messages.values()];
};
