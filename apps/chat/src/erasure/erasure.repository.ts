import { Injectable } from '@nestjs/common';
import { Database, InjectDatabase, type Queries } from '@veche/database';
import { ThreadsRepository } from '../threads/threads.repository';

/** A message has a client id until it is erased; the index on both finds what is left of somebody in a room. */
const LEFT = 'e.bucket = chat.bucket($2) AND e.room_id = $2 AND e.actor_id = $1 AND e.client_id IS NOT NULL';

/** What a user leaves behind in chat. Whatever chat learns to keep of people is found and erased here. */
@Injectable()
export class ErasureRepository {
  constructor(
    @InjectDatabase('chat') private readonly db: Database,
    private readonly threads: ThreadsRepository,
  ) {}

  /** Rooms that somebody belongs to, or belonged to once. */
  async rooms(userId: string, limit: number): Promise<string[]> {
    const rows = await this.db.query<{ roomId: string }>(
      `SELECT r.id AS "roomId"
       FROM (SELECT bucket, room_id FROM chat.members WHERE user_id = $1
             UNION SELECT bucket, room_id FROM chat.former_members WHERE user_id = $1) AS been
       JOIN chat.rooms r ON r.bucket = been.bucket AND r.id = been.room_id
       LIMIT $2`,
      [userId, limit],
    );
    return rows.map(({ roomId }) => roomId);
  }

  /** Whether somebody has written more than so many messages in a room that are not erased. */
  async hasMore(userId: string, roomId: string, than: number): Promise<boolean> {
    const rows = await this.db.query(`SELECT FROM chat.room_events e WHERE ${LEFT} OFFSET $3 LIMIT 1`, [
      userId,
      roomId,
      than,
    ]);
    return rows.length > 0;
  }

  /** {@link erase}, in a transaction of its own. */
  async eraseSome(userId: string, roomId: string, limit: number): Promise<void> {
    await this.db.transaction((tx) => this.erase(tx, userId, roomId, limit));
  }

  /**
   * Holds messages of somebody in a room, at most `limit` of them, and what the threads hang on that they are in.
   * @returns the numbers of both
   */
  private async hold(
    tx: Queries,
    userId: string,
    roomId: string,
    limit: number,
  ): Promise<{ seqs: number[]; threadSeqs: number[] }> {
    const found = await tx.query<{ seq: number; threadSeq: number | null }>(
      `SELECT e.seq::float8 AS seq, e.thread_seq::float8 AS "threadSeq" FROM chat.room_events e WHERE ${LEFT} LIMIT $3`,
      [userId, roomId, limit],
    );
    const seqs = found.map(({ seq }) => seq);
    const threadSeqs = [...new Set(found.flatMap(({ threadSeq }) => threadSeq ?? []))];
    // in one order, as who replies in several threads at once
    await tx.query(
      `SELECT FROM chat.room_events
       WHERE bucket = chat.bucket($1) AND room_id = $1 AND seq = ANY ($2::bigint[]) ORDER BY seq FOR UPDATE`,
      [roomId, [...seqs, ...threadSeqs]],
    );
    return { seqs, threadSeqs };
  }

  /**
   * Takes the texts out of somebody's messages in a room, at most `limit` of them, and what hangs on them. Threads stay, and
   * have fewer replies.
   * @returns how many
   */
  async erase(tx: Queries, userId: string, roomId: string, limit: number): Promise<number> {
    const { seqs, threadSeqs } = await this.hold(tx, userId, roomId, limit);
    await tx.query(
      `WITH erased AS (
         UPDATE chat.room_events SET text = NULL, mentions = NULL, client_id = NULL, reactions = NULL,
           pinned_by = NULL, pinned_at = NULL, attachments = NULL,
           deleted_at = COALESCE(deleted_at, date_trunc('milliseconds', clock_timestamp()))
         WHERE bucket = chat.bucket($1) AND room_id = $1 AND seq = ANY ($2::bigint[])
         RETURNING seq),
       called AS (
         DELETE FROM chat.mentions m USING erased
         WHERE m.bucket = chat.bucket($1) AND m.room_id = $1 AND m.seq = erased.seq)
       DELETE FROM chat.attachments m USING erased WHERE m.room_id = $1 AND m.seq = erased.seq`,
      [roomId, seqs],
    );
    // a statement of its own: what others did while it waited for a message is seen by the next one alone
    await tx.query(
      'DELETE FROM chat.reactions WHERE bucket = chat.bucket($1) AND room_id = $1 AND seq = ANY ($2::bigint[])',
      [roomId, seqs],
    );
    await this.threads.recount(tx, roomId, threadSeqs);
    return seqs.length;
  }

  /** Whether more than so many messages in a room call somebody. */
  async isMentionedMore(userId: string, roomId: string, than: number): Promise<boolean> {
    const rows = await this.db.query(
      `SELECT FROM chat.mentions c WHERE c.user_id = $1 AND c.bucket = chat.bucket($2) AND c.room_id = $2
       OFFSET $3 LIMIT 1`,
      [userId, roomId, than],
    );
    return rows.length > 0;
  }

  /**
   * Makes text of what mentions somebody in a room, in at most `limit` messages of others.
   * @returns in how many
   */
  async eraseMentions(userId: string, roomId: string, limit: number, on: Queries = this.db): Promise<number> {
    const rows = await on.query(
      `WITH called AS (
         DELETE FROM chat.mentions WHERE user_id = $1::uuid AND bucket = chat.bucket($2) AND room_id = $2 AND seq = ANY (ARRAY(
           SELECT c.seq FROM chat.mentions c WHERE c.user_id = $1 AND c.bucket = chat.bucket($2) AND c.room_id = $2
            ORDER BY c.seq LIMIT $3))
         RETURNING seq)
       UPDATE chat.room_events e SET mentions = (
         SELECT jsonb_agg(m ORDER BY place) FROM jsonb_array_elements(e.mentions) WITH ORDINALITY AS given (m, place)
          WHERE m ->> 'id' IS DISTINCT FROM $1::uuid::text)
       FROM called WHERE e.bucket = chat.bucket($2) AND e.room_id = $2 AND e.seq = called.seq
       RETURNING 1`,
      [userId, roomId, limit],
    );
    return rows.length;
  }

  /** Nothing is left of somebody in a room. */
  async forget(tx: Queries, userId: string, roomId: string): Promise<void> {
    await tx.query(
      `DELETE FROM chat.former_members WHERE bucket = chat.bucket($2) AND room_id = $2 AND user_id = $1`,
      [userId, roomId],
    );
  }
}
