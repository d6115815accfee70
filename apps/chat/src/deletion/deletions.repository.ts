import { Injectable } from '@nestjs/common';
import { type Database, InjectDatabase, type Queries } from '@veche/database';

/** A room whose remains are the caller's to sweep. */
export interface Claimed {
  readonly roomId: string;
  readonly lastSeq: number;
  readonly sweptSeq: number;
}

/** How long a claim holds after each piece; then whoever swept has died. */
const CLAIM = "interval '10 seconds'";

/** What a deleted room has left behind. Each statement takes one piece of it, and locks no room that is there. */
@Injectable()
export class DeletionsRepository {
  constructor(@InjectDatabase('chat') private readonly db: Database) {}

  /** Takes the room itself out; its members and its log are swept up later, however many they are. */
  async begin(tx: Queries, roomId: string): Promise<void> {
    await tx.query(
      `WITH gone AS (
         DELETE FROM chat.rooms WHERE bucket = chat.bucket($1) AND id = $1 RETURNING bucket, id, last_seq),
       look AS (DELETE FROM chat.room_looks WHERE room_id = $1),
       words AS (DELETE FROM chat.room_words WHERE room_id = $1)
       INSERT INTO chat.room_deletions (bucket, room_id, last_seq) SELECT bucket, id, last_seq FROM gone`,
      [roomId],
    );
  }

  async claim(): Promise<Claimed | undefined> {
    const [claimed] = await this.db.query<Claimed>(
      `UPDATE chat.room_deletions SET due_at = clock_timestamp() + ${CLAIM}
       WHERE (bucket, room_id) IN (
         SELECT bucket, room_id FROM chat.room_deletions WHERE due_at < clock_timestamp()
         ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
       RETURNING room_id AS "roomId", last_seq::float8 AS "lastSeq", swept_seq::float8 AS "sweptSeq"`,
    );
    return claimed;
  }

  /** Takes out the entries from one number to another, both included, and what hangs on them. */
  async sweepEntries(roomId: string, from: number, to: number): Promise<void> {
    await this.db.query(
      `WITH swept AS (
         DELETE FROM chat.room_events
         WHERE bucket = chat.bucket($1) AND room_id = $1 AND seq BETWEEN $2 AND $3),
       called AS (
         DELETE FROM chat.mentions
         WHERE bucket = chat.bucket($1) AND room_id = $1 AND seq BETWEEN $2 AND $3),
       reactions AS (
         DELETE FROM chat.reactions
         WHERE bucket = chat.bucket($1) AND room_id = $1 AND seq BETWEEN $2 AND $3),
       threads AS (
         DELETE FROM chat.thread_followers
         WHERE bucket = chat.bucket($1) AND room_id = $1 AND thread_seq BETWEEN $2 AND $3),
       files AS (
         DELETE FROM chat.attachments WHERE room_id = $1 AND seq BETWEEN $2 AND $3)
       UPDATE chat.room_deletions SET swept_seq = greatest(swept_seq, $3), due_at = clock_timestamp() + ${CLAIM}
       WHERE bucket = chat.bucket($1) AND room_id = $1`,
      [roomId, from, to],
    );
  }

  /** Takes out so many members, of those who are and of those who were. @returns whether some may be left */
  async sweepMembers(roomId: string, limit: number): Promise<boolean> {
    const [left] = await this.db.query<{ some: boolean }>(
      `WITH members AS (${piece('members')}), former AS (${piece('former_members')}),
       claimed AS (
         UPDATE chat.room_deletions SET due_at = clock_timestamp() + ${CLAIM}
         WHERE bucket = chat.bucket($1) AND room_id = $1)
       SELECT greatest((SELECT count(*) FROM members), (SELECT count(*) FROM former)) = $2 AS some`,
      [roomId, limit],
    );
    return left?.some ?? false;
  }

  /** Nothing is left of a room. */
  async finish(roomId: string): Promise<void> {
    await this.db.query(
      `WITH indexed AS (DELETE FROM chat.search_cursors WHERE bucket = chat.bucket($1) AND room_id = $1)
       DELETE FROM chat.room_deletions WHERE bucket = chat.bucket($1) AND room_id = $1`,
      [roomId],
    );
  }
}

const piece = (table: 'members' | 'former_members'): string =>
  `DELETE FROM chat.${table} WHERE bucket = chat.bucket($1) AND room_id = $1 AND user_id = ANY (ARRAY(
     SELECT user_id FROM chat.${table} WHERE bucket = chat.bucket($1) AND room_id = $1 LIMIT $2))
   RETURNING 1`;
