import { Injectable } from '@nestjs/common';
import { Database, InjectDatabase, type Queries } from '@veche/database';
import type { RoomKind } from '../members/member.rules';

/** A room that somebody is a member of. */
export interface OwnRoom {
  readonly id: string;
  readonly kind: RoomKind;
  readonly name: string | null;
  readonly directKey: string | null;
}

export interface Found {
  readonly roomId: string;
  readonly seq: number;
  /** When it was said, in milliseconds since 1970. */
  readonly at: number;
  /** How well it fits; 0 where that was not asked. */
  readonly rank: number;
}

export interface Wanted {
  /** A tsquery of what is looked for and of every filter. */
  readonly query: string;
  /** A tsquery of the words alone, by which what is found is ranked. */
  readonly words?: string | undefined;
  readonly roomIds: readonly string[];
  /** From this moment on, in milliseconds since 1970. */
  readonly from: number;
  /** Up to this moment, which is not part of it. */
  readonly until: number;
  /** Only what comes after this in the order of the newest. */
  readonly after?: Pick<Found, 'at' | 'roomId' | 'seq'> | undefined;
  readonly limit: number;
}

/** A search that takes longer would be in everybody's way. */
const LONGEST_MS = 3_000;
/** So many spans are half a year, or years of a server where little is said. What is before them is looked at as one. */
const SPANS = 4_096;

@Injectable()
export class SearchRepository {
  constructor(@InjectDatabase('chat') private readonly db: Database) {}

  async roomsOf(userId: string): Promise<OwnRoom[]> {
    return this.db.query<OwnRoom>(
      `SELECT r.id, r.kind, r.name, r.direct_key AS "directKey"
       FROM chat.members m JOIN chat.rooms r ON r.bucket = m.bucket AND r.id = m.room_id
       WHERE m.user_id = $1`,
      [userId],
    );
  }

  /** About how many messages each span of time has, the newest first. */
  async spans(): Promise<{ span: number; messages: number }[]> {
    return this.db.query(
      `SELECT span, messages::float8 AS messages FROM chat.search_spans ORDER BY span DESC LIMIT ${SPANS}`,
    );
  }

  /**
   * Runs work that asks the index, several times perhaps.
   * @throws AppError `overloaded` where one of its questions took longer than a search may
   */
  asking<T>(work: (find: (wanted: Wanted) => Promise<Found[]>) => Promise<T>): Promise<T> {
    return this.db.transaction(async (tx) => {
      // nothing but the one index may be read: the planner knows nothing of what is rare in it, and would walk a table
      await tx.query(
        `SELECT set_config('statement_timeout', '${LONGEST_MS}', true),
           set_config('enable_seqscan', 'off', true), set_config('enable_indexscan', 'off', true)`,
      );
      return work((wanted) => find(tx, wanted));
    });
  }

  /**
   * The first message of a room at a moment or after it; the newest one where none is so late.
   * @returns 0 where there are no messages
   */
  async momentOf(roomId: string, at: number): Promise<number> {
    const [row] = await this.db.query<{ seq: number | null }>(
      // times are in the order of numbers: a few looks find the place in a log of any length
      `WITH RECURSIVE halved (low, high) AS (
         SELECT 1::bigint, last_seq + 1 FROM chat.rooms WHERE bucket = chat.bucket($1) AND id = $1
         UNION ALL
         SELECT CASE WHEN e.at < to_timestamp($2::float8 / 1000) THEN middle + 1 ELSE low END,
                CASE WHEN e.at < to_timestamp($2::float8 / 1000) THEN high ELSE middle END
         FROM (SELECT low, high, (low + high) / 2 AS middle FROM halved WHERE low < high) AS h
         JOIN chat.room_events e ON e.bucket = chat.bucket($1) AND e.room_id = $1 AND e.seq = h.middle)
       SELECT COALESCE(
         (SELECT seq FROM chat.room_events WHERE bucket = chat.bucket($1) AND room_id = $1
            AND type = 'message.created' AND seq >= place.low ORDER BY seq LIMIT 1),
         (SELECT seq FROM chat.room_events WHERE bucket = chat.bucket($1) AND room_id = $1
            AND type = 'message.created' ORDER BY seq DESC LIMIT 1))::float8 AS seq
       FROM (SELECT low FROM halved ORDER BY high - low, low DESC LIMIT 1) AS place`,
      [roomId, at],
    );
    return row?.seq ?? 0;
  }
}

/** The newest that the index finds. */
const find = (tx: Queries, { query, words, roomIds, from, until, after, limit }: Wanted): Promise<Found[]> =>
  tx.query<Found>(
    // an id compared as text, so that no other index can be thought of; ranked are only those that are wanted
    `SELECT room_id AS "roomId", seq::float8 AS seq, (extract(epoch FROM at) * 1000)::float8 AS at,
       ${words === undefined ? '0::float8' : 'ts_rank(words, $9::tsquery, 1)::float8'} AS rank
     FROM (
       SELECT room_id, seq, at, words FROM chat.search_index
       WHERE words @@ $1::tsquery AND room_id::text = ANY($2::text[])
         AND at >= to_timestamp($3::float8 / 1000) AND at < to_timestamp($4::float8 / 1000)
         AND ($5::float8 IS NULL OR (at, room_id, seq) < (to_timestamp($5::float8 / 1000), $6::uuid, $7::bigint))
       ORDER BY at DESC, room_id DESC, seq DESC LIMIT $8) AS newest
     ORDER BY newest.at DESC, room_id DESC, newest.seq DESC`,
    [
      query,
      roomIds,
      from,
      until,
      after?.at ?? null,
      after?.roomId ?? null,
      after?.seq ?? null,
      limit,
      ...(words === undefined ? [] : [words]),
    ],
  );
