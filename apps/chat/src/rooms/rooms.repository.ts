import { Injectable } from '@nestjs/common';
import { type Database, InjectDatabase, type Queries } from '@veche/database';
import { COUNTED, type RoomRole } from '../members/member.rules';
import { unreadMentions } from '../mentions/mentions.repository';
import { PREFERRED, type PreferredRow } from '../preferences/preferences.repository';
import type { RoomEntity } from '../log/room.entity';

/** A room that is still to be inserted. */
export type RoomDraft = Omit<RoomEntity, 'bucket' | 'lastSeq' | 'lastAt' | 'memberCount'>;

/** A room as one user sees it. */
export interface RoomRow extends Omit<RoomEntity, 'bucket' | 'lastAt'> {
  /** null: not a member */
  role: RoomRole | null;
  /** They have left it, and are asked to come back. */
  invited?: boolean;
}

export interface OverviewRow extends RoomRow {
  readSeq: number;
  unread: number;
  /** Those of them that call the user. */
  mentions: number;
  /** Whether there may be more than were counted. */
  unreadMore: boolean;
  /** null: the user has changed nothing */
  preferences: PreferredRow | null;
  /** The number of the newest message; null: there is none. */
  messageSeq: number | null;
  /** When the newest message was written, or the room made, to the microsecond: what the list is ordered by. */
  lastAt: string;
}

// a number of the log as double precision comes as a number, and is exact below 2^53
const ROOM = `r.id, r.kind, r.name, r.name_key AS "nameKey", r.topic, r.direct_key AS "directKey",
  r.created_by AS "createdBy", r.created_at AS "createdAt", r.last_seq::float8 AS "lastSeq",
  r.member_count AS "memberCount"`;

/** What stands for itself in a LIKE pattern. */
const literal = (text: string): string => text.replace(/[\\%_]/g, '\\$&');

/** What begins with a text is between it and this: the last of all characters. */
const LAST = 'chr(1114111)';
/** More words than this say nothing more about what somebody looks for. */
const MAX_WORDS = 8;

/** Where a page of rooms in order of name ended. */
export interface AfterRoom {
  readonly nameKey: string;
  readonly id: string;
}

@Injectable()
export class RoomsRepository {
  constructor(@InjectDatabase('chat') private readonly db: Database) {}

  /** @returns false where a room of this pair is there already */
  async insert(tx: Queries, room: RoomDraft): Promise<boolean> {
    const rows = await tx.query(
      `INSERT INTO chat.rooms (bucket, id, kind, name, name_key, topic, direct_key, created_by, created_at, last_at)
       VALUES (chat.bucket($1), $1, $2, $3, $4, $5, $6, $7, $8, $8) ON CONFLICT DO NOTHING RETURNING id`,
      [
        room.id,
        room.kind,
        room.name,
        room.nameKey,
        room.topic,
        room.directKey,
        room.createdBy,
        room.createdAt,
      ],
    );
    return rows.length === 1;
  }

  /** Those of the rooms that exist, in the order of their ids here. */
  async find(ids: readonly string[], userId?: string): Promise<RoomRow[]> {
    return this.db.query<RoomRow>(
      `SELECT ${ROOM}, m.role, f.invited_by IS NOT NULL AS invited
         FROM unnest($1::uuid[]) WITH ORDINALITY AS wanted (id, place)
         JOIN chat.rooms r ON r.bucket = chat.bucket(wanted.id) AND r.id = wanted.id
         LEFT JOIN chat.members m ON m.bucket = r.bucket AND m.room_id = r.id AND m.user_id = $2
         LEFT JOIN chat.former_members f ON f.bucket = r.bucket AND f.room_id = r.id AND f.user_id = $2
        ORDER BY wanted.place`,
      [ids, userId ?? null],
    );
  }

  async findDirect(key: string, on: Queries = this.db): Promise<string | undefined> {
    const [row] = await on.query<{ id: string }>('SELECT id FROM chat.rooms WHERE direct_key = $1', [key]);
    return row?.id;
  }

  /**
   * A user's rooms, the one with the newest message first. Narrow rows of all of them are sorted; whatever costs more is
   * read for the page alone, and what is unread is counted back through {@link COUNTED} numbers of each.
   * @param after the {@link OverviewRow.lastAt} and the id of the last room before
   */
  async listOf(
    userId: string,
    limit: number,
    after?: { lastAt: string; id: string },
  ): Promise<OverviewRow[]> {
    return this.db.query<OverviewRow>(
      `WITH page AS MATERIALIZED (
         SELECT r.bucket, r.id, r.last_at, m.role, m.read_seq, ${PREFERRED} AS preferences
           FROM chat.members m JOIN chat.rooms r ON r.bucket = m.bucket AND r.id = m.room_id
          WHERE m.user_id = $1 AND ($3::timestamptz IS NULL OR (r.last_at, r.id) < ($3, $4::uuid))
          ORDER BY r.last_at DESC, r.id DESC
          LIMIT $2)
       SELECT ${ROOM}, page.role, page.read_seq::float8 AS "readSeq", page.preferences,
              to_char(page.last_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "lastAt",
              newest.seq::float8 AS "messageSeq", counted.unread,
              ${unreadMentions('$1::uuid', 'page.read_seq', 'newest.seq')} AS mentions,
              COALESCE(newest.seq - $5 > page.read_seq, false) AS "unreadMore"
         FROM page JOIN chat.rooms r ON r.bucket = page.bucket AND r.id = page.id
         LEFT JOIN LATERAL (
           SELECT e.seq FROM chat.room_events e
            WHERE e.bucket = r.bucket AND e.room_id = r.id AND e.type = 'message.created'
            ORDER BY e.seq DESC LIMIT 1) newest ON true
         CROSS JOIN LATERAL (
           SELECT count(*)::int AS unread FROM chat.room_events e
            WHERE e.bucket = r.bucket AND e.room_id = r.id
              AND e.seq > GREATEST(page.read_seq, newest.seq - $5) AND e.seq <= newest.seq
              AND e.type = 'message.created' AND e.actor_id <> $1 AND e.deleted_at IS NULL) counted
        ORDER BY page.last_at DESC, r.id DESC`,
      [userId, limit, after?.lastAt ?? null, after?.id ?? null, COUNTED],
    );
  }

  /** Public and private rooms that have a text in their name, in order of name. */
  async listAll(
    { searchKey, kind }: { searchKey: string; kind: 'public' | 'private' | undefined },
    userId: string,
    limit: number,
    after?: AfterRoom,
  ): Promise<RoomRow[]> {
    return this.db.query<RoomRow>(
      `SELECT ${ROOM}, m.role
         FROM chat.rooms r
         LEFT JOIN chat.members m ON m.bucket = r.bucket AND m.room_id = r.id AND m.user_id = $1
        WHERE r.kind <> 'direct' AND ($2::text IS NULL OR r.kind = $2)
          AND r.name_key LIKE $3 AND ($4::text IS NULL OR (r.name_key, r.id) > ($4, $5::uuid))
        ORDER BY r.name_key, r.id LIMIT $6`,
      [userId, kind, `%${literal(searchKey)}%`, after?.nameKey ?? null, after?.id ?? null, limit],
    );
  }

  /** Public rooms whose name has a word for each of these that begins with it, in order of name. */
  async browse(words: readonly string[], limit: number, after?: AfterRoom): Promise<AfterRoom[]> {
    const wanted = words.slice(0, MAX_WORDS);
    const found = wanted.map(
      (_, i) => `AND (bucket, id) IN (
          SELECT bucket, room_id FROM chat.room_words WHERE word >= $${i + 4} AND word < $${i + 4} || ${LAST})`,
    );
    return this.db.query<AfterRoom>(
      `SELECT id, name_key AS "nameKey" FROM chat.rooms
        WHERE kind = 'public' AND name_key IS NOT NULL ${found.join(' ')}
          AND ($2::text IS NULL OR (name_key, id) > ($2, $3::uuid))
        ORDER BY name_key, id LIMIT $1`,
      [limit, after?.nameKey ?? null, after?.id ?? null, ...wanted],
    );
  }

  async describe(tx: Queries, room: Pick<RoomEntity, 'id' | 'name' | 'nameKey' | 'topic'>): Promise<void> {
    await tx.query(
      `UPDATE chat.rooms SET name = $2, name_key = $3, topic = $4
        WHERE bucket = chat.bucket($1) AND id = $1`,
      [room.id, room.name, room.nameKey, room.topic],
    );
  }
}
