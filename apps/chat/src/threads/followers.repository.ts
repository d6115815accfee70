import { Injectable } from '@nestjs/common';
import { Database, InjectDatabase, type Queries } from '@veche/database';
import type { ThreadFollowerEntity } from './thread-follower.entity';

/** Which thread. */
export interface ThreadKey {
  readonly roomId: string;
  readonly threadSeq: number;
}

/** How somebody has a thread. */
export type FollowerRow = Pick<
  ThreadFollowerEntity,
  'roomId' | 'threadSeq' | 'userId' | 'following' | 'readSeq' | 'revision'
>;

/**
 * When somebody became a member, in microseconds: revisions go on from there, so that what is told late of an earlier
 * membership is older than all of this one.
 */
export const JOINED = 'floor(extract(epoch FROM m.joined_at) * 1000000)::float8';

/**
 * @param of the alias of a row
 * @param userId whose it is
 */
export const revisionOf = (of: string, userId: string): string => `${of}.revision + (
  SELECT ${JOINED} FROM chat.members m
   WHERE m.bucket = ${of}.bucket AND m.room_id = ${of}.room_id AND m.user_id = ${userId})`;

const FOLLOWER = `f.room_id AS "roomId", f.thread_seq::float8 AS "threadSeq", f.user_id AS "userId", f.following,
  f.read_seq::float8 AS "readSeq", ${revisionOf('f', 'f.user_id')} AS revision`;

const ROW = 'f.bucket = chat.bucket($1) AND f.room_id = $1 AND f.thread_seq = $2 AND f.user_id = $3';

/**
 * Who follows threads, and how far they have read there. Those who write, are answered or are mentioned begin to follow with
 * the reply itself, in `chat.append_messages`; what somebody changes by themself waits for nobody who writes.
 */
@Injectable()
export class FollowersRepository {
  constructor(@InjectDatabase('chat') private readonly db: Database) {}

  /**
   * Who begins to follow begins with what comes from then on.
   * @param lastSeq the number of the newest reply
   * @returns undefined where it is so already, or they are no member
   */
  async set(
    { roomId, threadSeq }: ThreadKey,
    userId: string,
    { on, lastSeq }: { on: boolean; lastSeq: number },
  ): Promise<FollowerRow | undefined> {
    const [row] = await this.db.query<FollowerRow>(
      // who leaves meanwhile waits, and takes out this row too
      `INSERT INTO chat.thread_followers AS f (bucket, room_id, thread_seq, user_id, following, read_seq, revision)
       SELECT m.bucket, m.room_id, $2, m.user_id, $4, $5, 1 FROM chat.members m
        WHERE m.bucket = chat.bucket($1) AND m.room_id = $1 AND m.user_id = $3 FOR SHARE
       ON CONFLICT (bucket, room_id, thread_seq, user_id) DO UPDATE SET following = EXCLUDED.following,
         read_seq = CASE WHEN EXCLUDED.following THEN GREATEST(f.read_seq, EXCLUDED.read_seq) ELSE f.read_seq END,
         revision = f.revision + 1
        WHERE f.following <> EXCLUDED.following
       RETURNING ${FOLLOWER}`,
      [roomId, threadSeq, userId, on, lastSeq],
    );
    return row;
  }

  /** Whom an edited reply mentions now, of those who are members and have not chosen otherwise. */
  async addMentioned(
    tx: Queries,
    { roomId, threadSeq, seq }: ThreadKey & { readonly seq: number },
    userIds: readonly string[],
  ): Promise<void> {
    if (userIds.length === 0) return;
    await tx.query(
      `INSERT INTO chat.thread_followers (bucket, room_id, thread_seq, user_id, following, read_seq)
       SELECT m.bucket, m.room_id, $2, m.user_id, true, $3::bigint - 1 FROM chat.members m
        WHERE m.bucket = chat.bucket($1) AND m.room_id = $1 AND m.user_id = ANY ($4::uuid[])
       ON CONFLICT DO NOTHING`,
      [roomId, threadSeq, seq, userIds],
    );
  }

  /** Moves a mark forward, as far as the room goes. @returns undefined where it has not moved */
  async markRead(
    { roomId, threadSeq }: ThreadKey,
    userId: string,
    seq: number,
  ): Promise<FollowerRow | undefined> {
    const [row] = await this.db.query<FollowerRow>(
      `UPDATE chat.thread_followers f SET read_seq = LEAST($4, r.last_seq) FROM chat.rooms r
        WHERE ${ROW} AND r.bucket = f.bucket AND r.id = f.room_id AND f.read_seq < LEAST($4, r.last_seq)
       RETURNING ${FOLLOWER}`,
      [roomId, threadSeq, userId, seq],
    );
    return row;
  }

  /** Moves a mark back, so that what has this number is unread. @returns undefined where it is not beyond that */
  async markUnread(
    { roomId, threadSeq }: ThreadKey,
    userId: string,
    seq: number,
  ): Promise<FollowerRow | undefined> {
    const [row] = await this.db.query<FollowerRow>(
      `UPDATE chat.thread_followers f SET read_seq = GREATEST($4::bigint - 1, 0), revision = f.revision + 1
        WHERE ${ROW} AND f.read_seq > GREATEST($4::bigint - 1, 0)
       RETURNING ${FOLLOWER}`,
      [roomId, threadSeq, userId, seq],
    );
    return row;
  }

  /** Moves somebody's marks to the ends of the threads that they follow. @returns those that have moved */
  async markAllRead(userId: string): Promise<FollowerRow[]> {
    return this.db.query<FollowerRow>(
      // locked in one order, as two devices may do it at once
      `WITH behind AS MATERIALIZED (
         SELECT f.bucket, f.room_id, f.thread_seq, (root.thread ->> 'lastSeq')::bigint AS last_seq
           FROM chat.thread_followers f
           JOIN chat.room_events root ON root.bucket = f.bucket AND root.room_id = f.room_id AND root.seq = f.thread_seq
          WHERE f.user_id = $1 AND f.following AND f.read_seq < (root.thread ->> 'lastSeq')::bigint
          ORDER BY f.room_id, f.thread_seq
            FOR UPDATE OF f)
       UPDATE chat.thread_followers f SET read_seq = behind.last_seq FROM behind
        WHERE f.bucket = behind.bucket AND f.room_id = behind.room_id AND f.thread_seq = behind.thread_seq
          AND f.user_id = $1 AND f.read_seq < behind.last_seq
       RETURNING ${FOLLOWER}`,
      [userId],
    );
  }
}
