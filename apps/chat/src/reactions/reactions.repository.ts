import { Injectable } from '@nestjs/common';
import type { Reaction } from '@veche/contracts';
import { Database, InjectDatabase, type Queries } from '@veche/database';
import { isMessage, type ReactionColumn } from '../log/entry.wire';

/** A message with what it was reacted to with. */
export interface ReactedRow {
  readonly isDeleted: boolean;
  readonly reactions: readonly ReactionColumn[] | null;
  /** What somebody reacted with. */
  readonly own: readonly string[];
}

/** A reaction as it is kept. */
export interface ReactionRow {
  readonly roomId: string;
  /** The number of the message. */
  readonly seq: number;
  readonly userId: string;
  readonly emoji: string;
  /** The number of the entry that tells of it. */
  readonly eventSeq: number;
}

/** What a message shows of its reactions. */
export interface Shown {
  readonly seq: number;
  readonly reactions: readonly ReactionColumn[];
  /** The number of the newest entry that they have in them. */
  readonly reactionsSeq: number;
}

const MESSAGE = `bucket = chat.bucket($1) AND room_id = $1 AND seq = $2`;

@Injectable()
export class ReactionsRepository {
  constructor(@InjectDatabase('chat') private readonly db: Database) {}

  /** A message, whose row stays as it is until the transaction ends. */
  async find(tx: Queries, roomId: string, seq: number, userId: string): Promise<ReactedRow | undefined> {
    const [row] = await tx.query<ReactedRow>(
      `SELECT deleted_at IS NOT NULL AS "isDeleted", reactions,
         ARRAY(SELECT emoji FROM chat.reactions WHERE ${MESSAGE} AND user_id = $3) AS own
       FROM chat.room_events m WHERE ${MESSAGE} AND ${isMessage('m')} FOR UPDATE`,
      [roomId, seq, userId],
    );
    return row;
  }

  async add(tx: Queries, { roomId, seq, userId, emoji, eventSeq }: ReactionRow): Promise<void> {
    await tx.query(
      `INSERT INTO chat.reactions (bucket, room_id, seq, user_id, emoji, event_seq)
       VALUES (chat.bucket($1), $1, $2, $3, $4, $5)`,
      [roomId, seq, userId, emoji, eventSeq],
    );
  }

  async remove(tx: Queries, roomId: string, seq: number, userId: string, emoji: string): Promise<void> {
    await tx.query(`DELETE FROM chat.reactions WHERE ${MESSAGE} AND user_id = $3 AND emoji = $4`, [
      roomId,
      seq,
      userId,
      emoji,
    ]);
  }

  /** Puts what messages show of their reactions into their rows. */
  async show(tx: Queries, roomId: string, shown: readonly Shown[]): Promise<void> {
    await tx.query(
      `UPDATE chat.room_events m SET reactions = change.reactions, reactions_seq = change.reactions_seq
       FROM unnest($2::bigint[], $3::jsonb[], $4::bigint[]) AS change (seq, reactions, reactions_seq)
       WHERE m.bucket = chat.bucket($1) AND m.room_id = $1 AND m.seq = change.seq`,
      [
        roomId,
        shown.map(({ seq }) => seq),
        shown.map(({ reactions }) => (reactions.length > 0 ? JSON.stringify(reactions) : null)),
        shown.map(({ reactionsSeq }) => reactionsSeq),
      ],
    );
  }

  /** Whether somebody has reacted more than so often in a room. */
  async hasMore(roomId: string, userId: string, than: number): Promise<boolean> {
    const rows = await this.db.query(
      `SELECT FROM chat.reactions WHERE bucket = chat.bucket($1) AND room_id = $1 AND user_id = $2 OFFSET $3 LIMIT 1`,
      [roomId, userId, than],
    );
    return rows.length > 0;
  }

  /**
   * Takes out somebody's reactions in a room, at most so many, in the order in which they reacted.
   * @returns them, each with what its message showed before
   */
  async takeBack(
    tx: Queries,
    roomId: string,
    userId: string,
    limit: number,
  ): Promise<{ seq: number; emoji: string; reactions: readonly ReactionColumn[] | null }[]> {
    return tx.query(
      `WITH gone AS (
         DELETE FROM chat.reactions WHERE bucket = chat.bucket($1) AND room_id = $1 AND user_id = $2
           AND (seq, emoji) IN (SELECT seq, emoji FROM chat.reactions
             WHERE bucket = chat.bucket($1) AND room_id = $1 AND user_id = $2 ORDER BY event_seq LIMIT $3)
         RETURNING bucket, room_id, seq, emoji, event_seq)
       SELECT gone.seq::float8 AS seq, gone.emoji, e.reactions
       FROM gone JOIN chat.room_events e ON e.bucket = gone.bucket AND e.room_id = gone.room_id AND e.seq = gone.seq
       ORDER BY gone.event_seq`,
      [roomId, userId, limit],
    );
  }

  /** The reactions to a message, with at most so many of those who reacted alike; undefined where there is no message. */
  async list(
    roomId: string,
    seq: number,
    reader: string,
    limit: number,
  ): Promise<readonly Reaction[] | undefined> {
    const [row] = await this.db.query<{ reactions: Reaction[] }>(
      `SELECT COALESCE((
         SELECT jsonb_agg(jsonb_build_object('emoji', shown.value->>'emoji', 'count', shown.value->'count',
           'mine', alike.mine, 'userIds', alike.user_ids) ORDER BY shown.place)
         FROM jsonb_array_elements(e.reactions) WITH ORDINALITY AS shown (value, place)
         JOIN (
           SELECT emoji, bool_or(user_id = $3) AS mine, (array_agg(user_id ORDER BY event_seq))[1:$4] AS user_ids
           FROM chat.reactions WHERE ${MESSAGE} GROUP BY emoji) alike ON alike.emoji = shown.value->>'emoji'),
         '[]') AS reactions
       FROM chat.room_events e WHERE ${MESSAGE} AND ${isMessage('e')}`,
      [roomId, seq, reader, limit],
    );
    return row?.reactions;
  }
}
