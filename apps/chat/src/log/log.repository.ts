import { Injectable } from '@nestjs/common';
import type { Entry } from '@veche/contracts';
import { Database, InjectDatabase, type Queries } from '@veche/database';
import type { RoomEntity } from '../rooms/room.entity';
import { type EntryBody, type EntryRow, toColumns, toEntry } from './entry.wire';
import type { Refused, Sending } from './log.rules';
import type { OutboxPayload, Signal } from './outbox.wire';

/** A room whose row is locked until the transaction ends: nothing in it changes meanwhile. */
export type LockedRoom = Omit<RoomEntity, 'bucket' | 'lastAt'>;

/** An entry that has its number and is about to be written. */
export interface NumberedEntry {
  readonly roomId: string;
  readonly seq: number;
  readonly actorId: string;
  readonly body: EntryBody;
}

/** A message that has its id already. */
export interface NewMessage extends Sending {
  readonly id: string;
  readonly text: string;
}

/** What became of a message: a verdict of `judge`, and it was carried out; or its room was held by somebody else. */
export type Outcome =
  | { readonly kind: 'append' | 'original'; readonly entry: Entry }
  | { readonly kind: 'twin'; readonly of: number }
  | Refused
  | { readonly kind: 'held' };

interface OutcomeRow {
  readonly verdict: 'append' | 'original' | 'twin' | 'held' | Refused['code'];
  readonly seq: string | null;
  readonly twinOf: number | null;
  readonly at: Date;
  readonly messageId: string | null;
  readonly text: string | null;
  readonly replyTo: string | null;
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
   * Writes the entries of one commit, moves their rooms' last number and puts its signals into the outbox, in one
   * round trip.
   * @param entries of each room in order of seq; the rooms' rows are locked or new
   * @returns the entries with their time, and the signals' row in the outbox, if there are any
   */
  async append(
    tx: Queries,
    entries: readonly NumberedEntry[],
    signals: readonly Signal[],
  ): Promise<{ entries: Entry[]; outboxId: string | undefined }> {
    const columns = entries.map((e) => toColumns(e.body));
    const tails = new Map(entries.map((e) => [e.roomId, e.seq]));
    const [row] = await tx.query<{ at: Date; outboxId: string | null }>(
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
         WHERE bucket = chat.bucket(tail.room_id) AND id = tail.room_id),
       kept AS (
         INSERT INTO chat.outbox (payload, due_at)
         SELECT $12::jsonb, at + interval '1 second' FROM moment WHERE $12::jsonb IS NOT NULL RETURNING id)
       SELECT at, (SELECT id FROM kept) AS "outboxId" FROM moment`,
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
        signals.length > 0 ? JSON.stringify({ signals } satisfies OutboxPayload) : null,
      ],
    );
    if (!row) throw new Error('an insert gave no row');
    return {
      entries: entries.map((entry) => ({ ...entry, at: row.at })),
      outboxId: row.outboxId ?? undefined,
    };
  }

  /**
   * Judges, numbers and writes messages in one round trip, and in a transaction of its own: when it answers, they are
   * committed. It waits for nobody: those of a room that somebody else has locked are held, and nothing of them is
   * written.
   * @returns for each message, in their order, what became of it
   */
  async appendMessages(messages: readonly NewMessage[]): Promise<Outcome[]> {
    const rooms = [...new Set(messages.map((m) => m.roomId))];
    const places = new Map(rooms.map((id, i) => [id, i + 1]));
    const rows = await this.db.query<OutcomeRow>(
      `SELECT verdict, seq, twin_of AS "twinOf", at, message_id AS "messageId", text, reply_to AS "replyTo"
       FROM chat.append_messages($1, $2, $3, $4, $5, $6, $7)`,
      [
        rooms,
        messages.map((m) => places.get(m.roomId)),
        messages.map((m) => m.authorId),
        messages.map((m) => m.id),
        messages.map((m) => m.clientId),
        messages.map((m) => m.replyTo ?? null),
        messages.map((m) => m.text),
      ],
    );
    return messages.map((message, i) => {
      const row = rows[i];
      if (!row) throw new Error('a message was left without an answer');
      return toOutcome(message, row);
    });
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

  /**
   * Which entries were made from a moment on, in ranges of each room's numbers.
   * @param limit of entries; how many they are says whether there are more
   */
  async madeSince(moment: Date, limit: number): Promise<{ roomId: string; from: number; to: number }[]> {
    return this.db.transaction(async (tx) => {
      // with a limit a scan of the table looks cheap, and would read all of it
      await tx.query('SET LOCAL enable_seqscan = off');
      return tx.query(
        `SELECT room_id AS "roomId", min(seq)::float8 AS "from", max(seq)::float8 AS "to"
         FROM (SELECT room_id, seq FROM chat.room_events WHERE at >= $1 LIMIT $2) AS made GROUP BY room_id`,
        [moment, limit],
      );
    });
  }
}

const toOutcome = (message: NewMessage, row: OutcomeRow): Outcome => {
  const { verdict } = row;
  switch (verdict) {
    case 'append': {
      const { roomId, authorId: actorId, id, text, clientId, replyTo } = message;
      const value = { id, text, clientId, replyTo, deletedAt: undefined };
      return {
        kind: 'append',
        entry: {
          roomId,
          seq: Number(row.seq),
          actorId,
          at: row.at,
          body: { $case: 'messageCreated', value },
        },
      };
    }
    case 'original': {
      const { roomId, authorId: actorId, clientId } = message;
      const stored = {
        ...row,
        roomId,
        actorId,
        clientId,
        type: 'message.created',
        data: null,
        deletedAt: null,
      } as const;
      return { kind: 'original', entry: toEntry({ ...stored, seq: row.seq ?? '' }) };
    }
    case 'twin':
      return { kind: 'twin', of: row.twinOf ?? 0 };
    case 'held':
      return { kind: 'held' };
    case 'room_not_found':
    case 'not_a_member':
    case 'message_not_found':
      return { kind: 'refuse', code: verdict };
  }
};
