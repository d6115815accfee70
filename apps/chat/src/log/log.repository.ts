import { Injectable } from '@nestjs/common';
import type { Attachment, Entry, Mention } from '@veche/contracts';
import { Database, InjectDatabase, type Queries } from '@veche/database';
import type { RoomEntity } from './room.entity';
import {
  type EntryBody,
  type EntryRow,
  isMessage,
  messageChange,
  movesRoom,
  pinChange,
  toColumns,
  toEntry,
} from './entry.wire';
import type { Refused, Sending } from './log.rules';
import { calledBy, toKept } from './mention.wire';
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
  /** Left out where it mentions nobody. */
  readonly mentions?: readonly Mention[] | undefined;
  /** The files that come with it, as far as they are there. */
  readonly attachments?: readonly Attachment[] | undefined;
  /** Of a reply in a thread: it is shown in the room too. */
  readonly alsoInRoom?: boolean | undefined;
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
  readonly threadAuthorId: string | null;
}

/** Either what follows a number, oldest first, or the room's own messages before one, newest first. */
export type Part = { readonly limit: number } & (
  { readonly after: number; readonly messagesBefore?: undefined } | { readonly messagesBefore: number }
);

export interface Page {
  readonly kind: string;
  readonly member: boolean;
  readonly lastSeq: number;
  readonly entries: readonly Entry[];
}

/** Numbers of a room's log, both ends included. */
export interface Range {
  readonly roomId: string;
  readonly from: number;
  readonly to: number;
  /** Who is to see it; undefined: for everybody. */
  readonly reader?: string | undefined;
}

/**
 * An entry as the reader is to see it. What is told to everybody has no reactions and no thread, since what follows tells
 * them; and what of the reactions is one's own is looked for only where there are some.
 * @param reader SQL for their id, or null
 */
const entryFor = (
  reader: string,
): string => `e.room_id AS "roomId", e.seq, e.type, e.actor_id AS "actorId", e.at,
  e.message_id AS "messageId",
  CASE WHEN e.type = 'message.edited' THEN (
    SELECT m.text FROM chat.room_events m
    WHERE m.bucket = e.bucket AND m.room_id = e.room_id AND m.seq = e.target) ELSE e.text END AS text,
  CASE WHEN e.type = 'message.edited' THEN (
    SELECT m.mentions FROM chat.room_events m
    WHERE m.bucket = e.bucket AND m.room_id = e.room_id AND m.seq = e.target) ELSE e.mentions END AS mentions,
  e.client_id AS "clientId", e.reply_to AS "replyTo", e.edited_at AS "editedAt", e.deleted_at AS "deletedAt",
  e.pinned_by AS "pinnedBy", e.pinned_at AS "pinnedAt", e.attachments,
  e.target, e.data, e.thread_seq AS "threadSeq",
  CASE WHEN e.thread_seq IS NOT NULL THEN (
    SELECT m.actor_id FROM chat.room_events m
    WHERE m.bucket = e.bucket AND m.room_id = e.room_id AND m.seq = e.thread_seq) END AS "threadAuthorId",
  CASE WHEN ${reader} IS NOT NULL THEN e.thread END AS thread,
  CASE WHEN ${reader} IS NOT NULL THEN e.reactions END AS reactions,
  CASE WHEN ${reader} IS NOT NULL THEN e.reactions_seq END AS "reactionsSeq",
  CASE WHEN ${reader} IS NOT NULL AND e.reactions IS NOT NULL THEN ARRAY(
    SELECT own.emoji FROM chat.reactions own
    WHERE own.bucket = e.bucket AND own.room_id = e.room_id AND own.seq = e.seq AND own.user_id = ${reader}) END AS mine`;

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
   * round trip. Entries about messages change these, in one more.
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
    const moving = new Set(entries.filter((e) => movesRoom(e.body)).map((e) => e.roomId));
    const [row] = await tx.query<{ at: Date; outboxId: string | null }>(
      // the clock is read after the locks were given: a room's times are in the order of its numbers
      `WITH moment AS MATERIALIZED (SELECT date_trunc('milliseconds', clock_timestamp()) AS at),
       appended AS (
         INSERT INTO chat.room_events
           (bucket, room_id, seq, actor_id, type, message_id, text, client_id, reply_to, target, data, at)
         SELECT chat.bucket(e.room_id), e.*, moment.at
         FROM unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::text[], $5::uuid[], $6::text[], $7::text[],
                $8::bigint[], $9::bigint[], $10::jsonb[])
                AS e (room_id, seq, actor_id, type, message_id, text, client_id, reply_to, target, data), moment),
       moved AS (
         UPDATE chat.rooms SET last_seq = tail.seq, last_at = CASE WHEN tail.moves THEN moment.at ELSE last_at END
         FROM unnest($11::uuid[], $12::bigint[], $14::bool[]) AS tail (room_id, seq, moves), moment
         WHERE bucket = chat.bucket(tail.room_id) AND id = tail.room_id),
       kept AS (
         INSERT INTO chat.outbox (payload, due_at)
         SELECT $13::jsonb, at + interval '1 second' FROM moment WHERE $13::jsonb IS NOT NULL RETURNING id)
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
        columns.map((c) => c.target),
        columns.map((c) => c.data && JSON.stringify(c.data)),
        [...tails.keys()],
        [...tails.values()],
        signals.length > 0 ? JSON.stringify({ signals } satisfies OutboxPayload) : null,
        [...tails.keys()].map((roomId) => moving.has(roomId)),
      ],
    );
    if (!row) throw new Error('an insert gave no row');
    await this.changeMessages(tx, entries, row.at);
    await this.pin(tx, entries, row.at);
    return {
      entries: entries.map((entry) => ({ ...entry, at: row.at })),
      outboxId: row.outboxId ?? undefined,
    };
  }

  /** The message's row has its present text: history is read from it alone. */
  private async changeMessages(tx: Queries, entries: readonly NumberedEntry[], at: Date): Promise<void> {
    const changes = entries.flatMap(({ roomId, actorId, body }) => {
      const change = messageChange(body);
      return change ? [{ roomId, actorId, ...change }] : [];
    });
    if (changes.length === 0) return;
    await tx.query(
      `WITH change AS MATERIALIZED (
         SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::text[], $5::jsonb[]) AS given (room_id, seq, text, mentions)),
       called AS (
         DELETE FROM chat.mentions m USING change
         WHERE m.bucket = chat.bucket(change.room_id) AND m.room_id = change.room_id AND m.seq = change.seq),
       reacted AS (
         DELETE FROM chat.reactions m USING change
         WHERE m.bucket = chat.bucket(change.room_id) AND m.room_id = change.room_id AND m.seq = change.seq
           AND change.text IS NULL),
       files AS (
         DELETE FROM chat.attachments m USING change
         WHERE m.room_id = change.room_id AND m.seq = change.seq AND change.text IS NULL)
       UPDATE chat.room_events m SET text = change.text, mentions = change.mentions,
         edited_at = CASE WHEN change.text IS NULL THEN m.edited_at ELSE $4 END,
         deleted_at = CASE WHEN change.text IS NULL THEN $4 ELSE m.deleted_at END,
         reactions = CASE WHEN change.text IS NOT NULL THEN m.reactions END,
         pinned_by = CASE WHEN change.text IS NOT NULL THEN m.pinned_by END,
         pinned_at = CASE WHEN change.text IS NOT NULL THEN m.pinned_at END,
         attachments = CASE WHEN change.text IS NOT NULL THEN m.attachments END
       FROM change
       WHERE m.bucket = chat.bucket(change.room_id) AND m.room_id = change.room_id AND m.seq = change.seq`,
      [
        changes.map((c) => c.roomId),
        changes.map((c) => c.target),
        changes.map((c) => c.text),
        at,
        changes.map((c) => c.mentions && JSON.stringify(c.mentions)),
      ],
    );
    const called = changes.flatMap((c) => c.called.map((userId) => ({ ...c, userId })));
    if (called.length === 0) return;
    await tx.query(
      `INSERT INTO chat.mentions (bucket, room_id, seq, user_id, author_id)
       SELECT chat.bucket(room_id), room_id, seq, user_id, author_id
       FROM unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::uuid[]) AS given (room_id, seq, user_id, author_id)`,
      [
        called.map((c) => c.roomId),
        called.map((c) => c.target),
        called.map((c) => c.userId),
        called.map((c) => c.actorId),
      ],
    );
  }

  /** The message's row says whether it is pinned, with the time of the entry that tells of it. */
  private async pin(tx: Queries, entries: readonly NumberedEntry[], at: Date): Promise<void> {
    for (const { roomId, actorId, body } of entries) {
      const change = pinChange(body);
      if (!change) continue;
      await tx.query(
        `UPDATE chat.room_events SET pinned_by = $3, pinned_at = $4
         WHERE bucket = chat.bucket($1) AND room_id = $1 AND seq = $2`,
        [roomId, change.target, change.on ? actorId : null, change.on ? at : null],
      );
    }
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
      `SELECT verdict, seq, twin_of AS "twinOf", at, thread_author AS "threadAuthorId"
       FROM chat.append_messages($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,
         message_attachments => $11, attached_by => $12, attached => $13, thread_seqs => $14, in_room => $15)`,
      [
        rooms,
        messages.map((m) => places.get(m.roomId)),
        messages.map((m) => m.authorId),
        messages.map((m) => m.id),
        messages.map((m) => m.clientId),
        messages.map((m) => m.replyTo ?? null),
        messages.map((m) => m.text),
        ...mentionArrays(messages),
        ...attachmentArrays(messages),
        ...threadArrays(messages),
      ],
    );
    const originals = await this.originals(messages, rows);
    return messages.map((message, i) => {
      const row = rows[i];
      if (!row) throw new Error('a message was left without an answer');
      return toOutcome(message, row, originals[i]);
    });
  }

  /** The messages that client ids stand for already, as they are now: they may have been edited or deleted. */
  private async originals(
    messages: readonly NewMessage[],
    rows: readonly OutcomeRow[],
  ): Promise<(Entry | undefined)[]> {
    const wanted = rows.flatMap(({ verdict, seq }, i) => {
      const { roomId, authorId: reader } = messages[i] ?? {};
      const at = { from: Number(seq), to: Number(seq) };
      return verdict === 'original' && roomId ? [{ roomId, ...at, reader }] : [];
    });
    if (wanted.length === 0) return [];
    const found = new Map(
      (await this.ranges(wanted)).map((entry) => [`${entry.roomId} ${entry.seq}`, entry]),
    );
    return rows.map(({ seq }, i) => found.get(`${messages[i]?.roomId} ${seq}`));
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
         SELECT ${entryFor('$2::uuid')} FROM chat.room_events e
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

  /** What the logs of rooms hold of these ranges, in order of room and number. */
  async ranges(ranges: readonly Range[]): Promise<Entry[]> {
    const rows = await this.db.query<EntryRow>(
      `SELECT ${entryFor('wanted.reader')}
       FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::uuid[]) AS wanted (room_id, first, last, reader)
       JOIN chat.rooms r ON r.bucket = chat.bucket(wanted.room_id) AND r.id = wanted.room_id
       JOIN chat.room_events e ON e.bucket = r.bucket AND e.room_id = r.id AND e.seq BETWEEN wanted.first AND wanted.last
       ORDER BY e.room_id, e.seq`,
      [
        ranges.map((r) => r.roomId),
        ranges.map((r) => r.from),
        ranges.map((r) => r.to),
        ranges.map((r) => r.reader ?? null),
      ],
    );
    return rows.map(toEntry);
  }

  /** Of these messages those that somebody may read and that are not deleted, as they are now; in no order. */
  async readable(reader: string, wanted: readonly { roomId: string; seq: number }[]): Promise<Entry[]> {
    if (wanted.length === 0) return [];
    const rows = await this.db.query<EntryRow>(
      `SELECT ${entryFor('$1::uuid')}
       FROM unnest($2::uuid[], $3::bigint[]) AS wanted (room_id, seq)
       JOIN chat.rooms r ON r.bucket = chat.bucket(wanted.room_id) AND r.id = wanted.room_id
       JOIN chat.members m ON m.bucket = r.bucket AND m.room_id = r.id AND m.user_id = $1
       JOIN chat.room_events e ON e.bucket = r.bucket AND e.room_id = r.id AND e.seq = wanted.seq
       WHERE ${isMessage('e')} AND e.text IS NOT NULL AND e.deleted_at IS NULL`,
      [reader, wanted.map(({ roomId }) => roomId), wanted.map(({ seq }) => seq)],
    );
    return rows.map(toEntry);
  }

  /**
   * Which entries were made from a moment on, in ranges of each room's numbers.
   * @param limit of entries; how many they are says whether there are more
   * @param until the first moment that does not count any more
   */
  async madeSince(
    moment: Date,
    limit: number,
    until: Date | 'infinity' = 'infinity',
  ): Promise<{ roomId: string; from: number; to: number }[]> {
    return this.db.transaction(async (tx) => {
      // with a limit a scan of the table looks cheap, and would read all of it
      await tx.query('SET LOCAL enable_seqscan = off');
      return tx.query(
        `SELECT room_id AS "roomId", min(seq)::float8 AS "from", max(seq)::float8 AS "to"
         FROM (SELECT room_id, seq FROM chat.room_events WHERE at >= $1 AND at < $3 LIMIT $2) AS made GROUP BY room_id`,
        [moment, limit, until],
      );
    });
  }
}

/** What of a batch is about mentions; nothing at all where there are none, which is what most batches are. */
const mentionArrays = (messages: readonly NewMessage[]): [unknown, unknown, unknown] => {
  if (!messages.some((m) => m.mentions)) return [null, null, null];
  const kept = messages.map(({ mentions = [] }) => toKept(mentions));
  const called = messages.flatMap(({ mentions = [] }, i) =>
    calledBy(mentions).map((userId) => ({ by: i + 1, userId })),
  );
  return [
    kept.map((mentions) => mentions && JSON.stringify(mentions)),
    called.map((c) => c.by),
    called.map((c) => c.userId),
  ];
};

/** What of a batch is about files; nothing at all where there are none, which is what most batches are. */
const attachmentArrays = (messages: readonly NewMessage[]): [unknown, unknown, unknown] => {
  if (!messages.some((m) => m.attachmentIds)) return [null, null, null];
  const named = messages.flatMap(({ attachmentIds = [] }, i) =>
    attachmentIds.map((id) => ({ by: i + 1, id })),
  );
  return [
    messages.map(({ attachments = [] }) => (attachments.length > 0 ? JSON.stringify(attachments) : null)),
    named.map((one) => one.by),
    named.map((one) => one.id),
  ];
};

/** What of a batch is about threads; nothing at all where there are none, which is what most batches are. */
const threadArrays = (messages: readonly NewMessage[]): [unknown, unknown] =>
  messages.some(({ threadSeq }) => threadSeq !== undefined)
    ? [messages.map(({ threadSeq }) => threadSeq ?? null), messages.map((m) => m.alsoInRoom ?? false)]
    : [null, null];

const toOutcome = (message: NewMessage, row: OutcomeRow, original: Entry | undefined): Outcome => {
  const { verdict } = row;
  switch (verdict) {
    case 'append': {
      const {
        roomId,
        authorId: actorId,
        id,
        text,
        clientId,
        replyTo,
        mentions = [],
        attachments = [],
        threadSeq,
        alsoInRoom,
      } = message;
      const value = {
        id,
        text,
        clientId,
        replyTo,
        mentions: [...mentions],
        attachments: [...attachments],
        deletedAt: undefined,
        editedAt: undefined,
        reactions: [],
        threadSeq,
        threadAuthorId: row.threadAuthorId ?? undefined,
        alsoInRoom: threadSeq !== undefined && alsoInRoom ? true : undefined,
      };
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
    case 'original':
      // its room was deleted since
      return original ? { kind: 'original', entry: original } : { kind: 'refuse', code: 'room_not_found' };
    case 'twin':
      return { kind: 'twin', of: row.twinOf ?? 0 };
    case 'held':
      return { kind: 'held' };
    case 'room_not_found':
    case 'not_a_member':
    case 'message_not_found':
    case 'already_in_thread':
    case 'attachment_not_found':
      return { kind: 'refuse', code: verdict };
  }
};
