import { Injectable } from '@nestjs/common';
import { Database, InjectDatabase, type Queries } from '@veche/database';
import { MOST_PARTICIPANTS } from '@veche/protocol';
import { isMessage } from '../log/entry.wire';
import type { KeptThread } from '../log/thread.wire';
import { JOINED, revisionOf, type ThreadKey } from './followers.repository';
import type { Root } from './thread.rules';

/**
 * How somebody has a thread at one moment: what is unread, and what there is in it. A client counts on from there, and a
 * summary of a moment later would hide from it a reply that is not counted.
 */
export interface ReaderRow {
  readonly following: boolean;
  readonly readSeq: number;
  readonly revision: number;
  readonly unread: number;
  /** null where there were no replies. */
  readonly summary: KeptThread | null;
}

/** A thread that somebody follows, in the list of theirs. */
export interface FollowedRow extends ThreadKey, ReaderRow {
  /** When the newest reply was written, to the microsecond: what the list is ordered by. */
  readonly lastAt: string;
}

/** Where a page of threads ended. */
export interface AfterThread extends ThreadKey {
  readonly lastAt: string;
}

const REPLIES = 'e.bucket = chat.bucket($1) AND e.room_id = $1 AND e.thread_seq';

/** Replies that somebody has not read, for a query that has a row of `chat.thread_followers` of this name. */
const unreadOf = (f: string): string => `(
  SELECT count(*)::int FROM chat.room_events e
   WHERE e.bucket = ${f}.bucket AND e.room_id = ${f}.room_id AND e.thread_seq = ${f}.thread_seq AND e.seq > ${f}.read_seq
     AND e.actor_id <> ${f}.user_id AND e.deleted_at IS NULL)`;

@Injectable()
export class ThreadsRepository {
  constructor(@InjectDatabase('chat') private readonly db: Database) {}

  /** A message that a thread may hang on; undefined where there is none of this number. */
  async root({ roomId, threadSeq }: ThreadKey): Promise<Root | undefined> {
    const [row] = await this.db.query<Root>(
      `SELECT m.deleted_at IS NOT NULL AS "isDeleted", m.thread_seq IS NOT NULL AS "isInThread",
         m.thread IS NOT NULL AS "hasThread", COALESCE((m.thread ->> 'lastSeq')::float8, 0) AS "lastSeq"
       FROM chat.room_events m WHERE m.bucket = chat.bucket($1) AND m.room_id = $1 AND m.seq = $2 AND ${isMessage('m')}`,
      [roomId, threadSeq],
    );
    return row;
  }

  /** The numbers of replies, newest first, deleted ones among them. */
  async replies({ roomId, threadSeq }: ThreadKey, before: number, limit: number): Promise<number[]> {
    const rows = await this.db.query<{ seq: number }>(
      `SELECT e.seq::float8 AS seq FROM chat.room_events e WHERE ${REPLIES} = $2 AND e.seq < $3
       ORDER BY e.seq DESC LIMIT $4`,
      [roomId, threadSeq, before, limit],
    );
    return rows.map(({ seq }) => seq);
  }

  /** @returns undefined where they are no member */
  async ofReader({ roomId, threadSeq }: ThreadKey, userId: string): Promise<ReaderRow | undefined> {
    const [row] = await this.db.query<ReaderRow>(
      `SELECT coalesce(f.following, false) AS following, coalesce(f.read_seq, 0)::float8 AS "readSeq",
         ${JOINED} + coalesce(f.revision, 0) AS revision, root.thread AS summary,
         CASE WHEN f.following THEN ${unreadOf('f')} ELSE 0 END AS unread
       FROM chat.members m
       JOIN chat.room_events root ON root.bucket = m.bucket AND root.room_id = m.room_id AND root.seq = $2
       LEFT JOIN chat.thread_followers f
         ON f.bucket = m.bucket AND f.room_id = m.room_id AND f.thread_seq = $2 AND f.user_id = m.user_id
       WHERE m.bucket = chat.bucket($1) AND m.room_id = $1 AND m.user_id = $3`,
      [roomId, threadSeq, userId],
    );
    return row;
  }

  /**
   * Threads that somebody follows and that have replies, the one with the newest first. Narrow rows of all of them are
   * sorted; what is unread is counted for the page alone.
   */
  async listOf(userId: string, limit: number, after?: AfterThread): Promise<FollowedRow[]> {
    return this.db.query<FollowedRow>(
      `WITH page AS MATERIALIZED (
         SELECT f.*, root.last_at, root.summary
           FROM chat.thread_followers f
           CROSS JOIN LATERAL (
             SELECT m.thread AS summary, (m.thread ->> 'lastAt')::timestamptz AS last_at FROM chat.room_events m
              WHERE m.bucket = f.bucket AND m.room_id = f.room_id AND m.seq = f.thread_seq) root
          WHERE f.user_id = $1 AND f.following AND root.last_at IS NOT NULL
            AND ($3::timestamptz IS NULL OR (root.last_at, f.room_id, f.thread_seq) < ($3, $4::uuid, $5::bigint))
          ORDER BY root.last_at DESC, f.room_id DESC, f.thread_seq DESC
          LIMIT $2)
       SELECT page.room_id AS "roomId", page.thread_seq::float8 AS "threadSeq", page.read_seq::float8 AS "readSeq",
         page.following, page.summary, ${revisionOf('page', '$1')} AS revision, ${unreadOf('page')} AS unread,
         to_char(page.last_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "lastAt"
       FROM page ORDER BY page.last_at DESC, page.room_id DESC, page.thread_seq DESC`,
      [userId, limit, after?.lastAt ?? null, after?.roomId ?? null, after?.threadSeq ?? null],
    );
  }

  /**
   * Counts anew what there is in threads of a room. Nobody adds to them meanwhile: the caller holds the room, or the messages
   * that they hang on.
   * @param without a reply that is about to be deleted
   * @param countedSeq the number of the entry that tells of it; left out, an entry that comes later does
   * @returns what there is in them now, in no order
   */
  async recount(
    tx: Queries,
    roomId: string,
    threadSeqs: readonly number[],
    { without, countedSeq }: { readonly without?: number; readonly countedSeq?: number } = {},
  ): Promise<KeptThread[]> {
    if (threadSeqs.length === 0) return [];
    const rows = await tx.query<{ thread: KeptThread }>(
      `WITH writers AS MATERIALIZED (
         SELECT e.thread_seq, e.actor_id, count(*) AS replies, max(e.seq) AS last_seq, max(e.at) AS last_at,
           row_number() OVER (PARTITION BY e.thread_seq ORDER BY max(e.seq) DESC) AS place
         FROM chat.room_events e
         WHERE ${REPLIES} = ANY ($2::bigint[]) AND e.deleted_at IS NULL AND e.seq IS DISTINCT FROM $3::bigint
         GROUP BY e.thread_seq, e.actor_id)
       UPDATE chat.room_events m SET thread = counted.thread || jsonb_build_object(
         'countedSeq', COALESCE($4::bigint, (m.thread ->> 'countedSeq')::bigint))
       FROM unnest($2::bigint[]) AS given (seq)
       CROSS JOIN LATERAL (
         SELECT jsonb_build_object('replies', COALESCE(sum(w.replies), 0), 'lastSeq', max(w.last_seq),
           'lastAt', max(w.last_at), 'participants', COALESCE(
             jsonb_agg(w.actor_id ORDER BY w.place) FILTER (WHERE w.place <= ${MOST_PARTICIPANTS}), '[]')) AS thread
         FROM writers w WHERE w.thread_seq = given.seq) counted
       WHERE m.bucket = chat.bucket($1) AND m.room_id = $1 AND m.seq = given.seq AND m.thread IS NOT NULL
       RETURNING m.thread`,
      [roomId, threadSeqs, without ?? null, countedSeq ?? null],
    );
    return rows.map(({ thread }) => thread);
  }
}
