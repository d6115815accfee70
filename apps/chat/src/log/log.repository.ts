import { Injectable } from '@nestjs/common';
import type { Entry } from '@veche/contracts';
import { Database, InjectDatabase, type Queries } from '@veche/database';
import type { RoomEntity } from '../rooms/room.entity';
import { type EntryBody, type EntryRow, toColumns, toEntry } from './entry.wire';
import type { Circumstances, Sending } from './log.rules';
import type { OutboxPayload } from './outbox.wire';

/** A room whose row is locked until the transaction ends: nothing in it changes meanwhile. */
export type LockedRoom = Omit<RoomEntity, 'bucket' | 'lastAt'>;

/** An entry that has its number and is about to be written. */
export interface NumberedEntry {
  readonly roomId: string;
  readonly seq: number;
  readonly actorId: string;
  readonly body: EntryBody;
}

/** Either what follows a number, oldest first, or the messages before one, newest first. */
export type Part = { readonly limit: number } & (
  { readonly after: number; readonly messagesBefore?: undefined } | { readonly messagesBefore: number }
);

export interface Page {
  readonly kind: string;
  readonly member: boolean;
  readonly lastSeq: number;
  readonly entries: readonly Entry[];
}

const ENTRY = `e.room_id AS "roomId", e.seq, e.type, e.actor_id AS "actorId", e.at, e.message_id AS "messageId",
  e.text, e.client_id AS "clientId", e.reply_to AS "replyTo", e.deleted_at AS "deletedAt", e.data`;

@Injectable()
export class LogRepository {
  constructor(@InjectDatabase('chat') private readonly db: Database) {}

  /** Those of the rooms that exist. Locked in order of id, so that no two transactions wait for each other. */
  async lock(tx: Queries, roomIds: readonly string[]): Promise<LockedRoom[]> {
    const rows = await tx.query<Omit<LockedRoom, 'lastSeq'> & { lastSeq: string }>(
      `SELECT id, kind, name, name_key AS "nameKey", topic, direct_key AS "directKey", created_by AS "createdBy",
         created_at AS "createdAt", last_seq AS "lastSeq", member_count AS "memberCount"
       FROM chat.rooms WHERE (bucket, id) IN (SELECT chat.bucket(wanted), wanted FROM unnest($1::uuid[]) AS wanted)
       ORDER BY id FOR UPDATE`,
      [roomIds],
    );
    return rows.map((row) => ({ ...row, lastSeq: Number(row.lastSeq) }));
  }

  /**
   * Writes the entries of one commit, moves their rooms' last number and puts the commit into the outbox, in one
   * round trip.
   * @param entries of each room in order of seq; the rooms' rows are locked or new
   * @returns the entries with their time, and the commit's row in the outbox
   */
  async append(
    tx: Queries,
    entries: readonly NumberedEntry[],
    payload: OutboxPayload,
  ): Promise<{ entries: Entry[]; outboxId: string }> {
    const columns = entries.map((e) => toColumns(e.body));
    const tails = new Map(entries.map((e) => [e.roomId, e.seq]));
    const [row] = await tx.query<{ at: Date; outboxId: string }>(
      // the clock is read after the locks were given: a room's times are in the order of its numbers
      `WITH moment AS MATERIALIZED (SELECT date_trunc('milliseconds', clock_timestamp()) AS at),
       appended AS (
         INSERT INTO chat.room_events
           (bucket, room_id, seq, actor_id, type, message_id, text, client_id, reply_to, data, at)
         SELECT chat.bucket(e.room_id), e.*, moment.at
         FROM unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::text[], $5::uuid[], $6::text[], $7::text[],
                $8::bigint[], $9::jsonb[])
                AS e (room_id, seq, actor_id, type, message_id, text, client_id, reply_to, data), moment),
       moved AS (
         UPDATE chat.rooms SET last_seq = tail.seq, last_at = moment.at
         FROM unnest($10::uuid[], $11::bigint[]) AS tail (room_id, seq), moment
         WHERE bucket = chat.bucket(tail.room_id) AND id = tail.room_id)
       INSERT INTO chat.outbox (payload, due_at)
       SELECT $12::jsonb, moment.at + interval '1 second' FROM moment
       RETURNING id AS "outboxId", (SELECT at FROM moment)`,
      [
        entries.map((e) => e.roomId),
        entries.map((e) => e.seq),
        entries.map((e) => e.actorId),
        columns.map((c) => c.type),
        columns.map((c) => c.messageId),
        columns.map((c) => c.text),
        columns.map((c) => c.clientId),
        columns.map((c) => c.replyTo),
        columns.map((c) => c.data && JSON.stringify(c.data)),
        [...tails.keys()],
        [...tails.values()],
        JSON.stringify(payload),
      ],
    );
    if (!row) throw new Error('an insert gave no row');
    return { entries: entries.map((entry) => ({ ...entry, at: row.at })), outboxId: row.outboxId };
  }

  /** For each message, in their order: what is needed to judge it. */
  async circumstances(tx: Queries, messages: readonly Sending[]): Promise<Circumstances<Entry>[]> {
    type Found = { member: true | null; replyExists: true | null } & (EntryRow | { roomId: null });
    const rows = await tx.query<Found>(
      // subselects and LIMIT 1 hold the planner to index probes: a hash of a whole table is never worth it here
      `SELECT (SELECT true FROM chat.members
               WHERE bucket = chat.bucket(m.room_id) AND room_id = m.room_id AND user_id = m.author_id) AS member,
         (SELECT true FROM chat.room_events
          WHERE bucket = chat.bucket(m.room_id) AND room_id = m.room_id AND seq = m.reply_to AND type = 'message.created') AS "replyExists",
         original.*
       FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[]) WITH ORDINALITY
         AS m (room_id, author_id, client_id, reply_to, i)
       LEFT JOIN LATERAL (
         SELECT ${ENTRY} FROM chat.room_events e
         WHERE e.bucket = chat.bucket(m.room_id) AND e.room_id = m.room_id
           AND e.actor_id = m.author_id AND e.client_id = m.client_id LIMIT 1) original ON true
       ORDER BY m.i`,
      [
        messages.map((m) => m.roomId),
        messages.map((m) => m.authorId),
        messages.map((m) => m.clientId),
        messages.map((m) => m.replyTo ?? null),
      ],
    );
    return rows.map(({ member, replyExists, ...row }) => ({
      member: member === true,
      replyExists: replyExists === true,
      original: row.roomId === null ? undefined : toEntry(row),
    }));
  }

  /**
   * A part of a room's log beside the state of the room, of one moment.
   * @param reader whose membership is looked at; who is no member gets no entries. undefined: for services
   * @returns undefined where there is no room
   */
  async page(roomId: string, reader: string | undefined, part: Part): Promise<Page | undefined> {
    type Found = { kind: string; lastSeq: string; member: boolean } & (EntryRow | { seq: null });
    const back = part.messagesBefore !== undefined;
    const rows = await this.db.query<Found>(
      `SELECT r.kind, r.last_seq AS "lastSeq", m.user_id IS NOT NULL AS member, e.*
       FROM chat.rooms r
       LEFT JOIN chat.members m ON m.bucket = r.bucket AND m.room_id = r.id AND m.user_id = $2
       LEFT JOIN LATERAL (
         SELECT ${ENTRY} FROM chat.room_events e
         WHERE e.bucket = r.bucket AND e.room_id = r.id AND ($2::uuid IS NULL OR m.user_id IS NOT NULL)
           AND ${back ? `e.seq < $3 AND e.type = 'message.created'` : 'e.seq > $3'}
         ORDER BY e.seq ${back ? 'DESC' : ''} LIMIT $4) e ON true
       WHERE r.bucket = chat.bucket($1) AND r.id = $1`,
      [roomId, reader ?? null, back ? part.messagesBefore : part.after, part.limit],
    );
    const [first] = rows;
    if (!first) return undefined;
    const entries = rows.flatMap((row) => (row.seq === null ? [] : [toEntry(row)]));
    return { kind: first.kind, lastSeq: Number(first.lastSeq), member: first.member, entries };
  }

  /** What the logs of rooms hold of these ranges, both ends included, in order of room and number. */
  async ranges(ranges: readonly { roomId: string; from: number; to: number }[]): Promise<Entry[]> {
    const rows = await this.db.query<EntryRow>(
      `SELECT ${ENTRY}
       FROM unnest($1::uuid[], $2::bigint[], $3::bigint[]) AS wanted (room_id, first, last)
       JOIN chat.rooms r ON r.bucket = chat.bucket(wanted.room_id) AND r.id = wanted.room_id
       JOIN chat.room_events e ON e.bucket = r.bucket AND e.room_id = r.id AND e.seq BETWEEN wanted.first AND wanted.last
       ORDER BY e.room_id, e.seq`,
      [ranges.map((r) => r.roomId), ranges.map((r) => r.from), ranges.map((r) => r.to)],
    );
    return rows.map(toEntry);
  }
}
