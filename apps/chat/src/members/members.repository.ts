import { Injectable } from '@nestjs/common';
import { type Database, InjectDatabase, type Queries } from '@veche/database';
import type { MemberEntity } from './member.entity';
import type { Arrival, RoleChange, RoomKind, RoomRole } from './member.rules';

/** What others see of a member. */
export type MemberRow = Pick<MemberEntity, 'roomId' | 'userId' | 'role' | 'joinedAt' | 'readSeq'>;

/** How far somebody has read. */
export interface ReadMark {
  userId: string;
  seq: number;
}

/** A mark that has moved. */
export interface MovedMark extends ReadMark {
  /** That of the member's row, where it stands. */
  revision: number;
}

/** What somebody is to a room. */
export type Place = Pick<StandingRow, 'role' | 'invited'>;

/** What a room is to somebody, before anybody asks what they may do there. */
export interface StandingRow {
  kind: RoomKind;
  role: RoomRole | null;
  /** They have left it, and are asked to come back. */
  invited: boolean;
  lastSeq: number;
  readSeq: number | null;
}

const MEMBER = `m.room_id AS "roomId", m.user_id AS "userId", m.role, m.joined_at AS "joinedAt",
  m.read_seq::float8 AS "readSeq"`;

const IN_ROOM = 'm.bucket = chat.bucket($1) AND m.room_id = $1';

@Injectable()
export class MembersRepository {
  constructor(@InjectDatabase('chat') private readonly db: Database) {}

  async find(on: Queries, roomId: string, userId: string): Promise<MemberRow | undefined> {
    const [row] = await on.query<MemberRow>(
      `SELECT ${MEMBER} FROM chat.members m WHERE ${IN_ROOM} AND m.user_id = $2`,
      [roomId, userId],
    );
    return row;
  }

  /** undefined: there is no such room */
  async standing(roomId: string, userId: string): Promise<StandingRow | undefined> {
    const [row] = await this.db.query<StandingRow>(
      `SELECT r.kind, m.role, f.invited_by IS NOT NULL AS invited, r.last_seq::float8 AS "lastSeq",
              m.read_seq::float8 AS "readSeq"
         FROM chat.rooms r
         LEFT JOIN chat.members m ON m.bucket = r.bucket AND m.room_id = r.id AND m.user_id = $2
         LEFT JOIN chat.former_members f ON f.bucket = r.bucket AND f.room_id = r.id AND f.user_id = $2
        WHERE r.bucket = chat.bucket($1) AND r.id = $1`,
      [roomId, userId],
    );
    return row;
  }

  async roomExists(id: string): Promise<boolean> {
    const sql = 'SELECT FROM chat.rooms WHERE bucket = chat.bucket($1) AND id = $1';
    return (await this.db.query(sql, [id])).length === 1;
  }

  async list(roomId: string, limit: number, afterUserId?: string): Promise<MemberRow[]> {
    return this.db.query<MemberRow>(
      `SELECT ${MEMBER} FROM chat.members m JOIN chat.rooms r ON r.bucket = m.bucket AND r.id = m.room_id
        WHERE ${IN_ROOM} AND ($3::uuid IS NULL OR m.user_id > $3)
        ORDER BY m.user_id LIMIT $2`,
      [roomId, limit, afterUserId ?? null],
    );
  }

  /** What those of the users are who are members. */
  async roles(
    roomId: string,
    userIds: readonly string[],
    on: Queries = this.db,
  ): Promise<Map<string, RoomRole>> {
    const rows = await on.query<RoleChange>(
      `SELECT m.user_id AS "userId", m.role FROM chat.members m
        WHERE ${IN_ROOM} AND m.user_id = ANY($2::uuid[])`,
      [roomId, userIds],
    );
    return new Map(rows.map(({ userId, role }) => [userId, role]));
  }

  /** All but one, in the order in which they joined. */
  async others(on: Queries, roomId: string, userId: string): Promise<RoleChange[]> {
    return on.query<RoleChange>(
      `SELECT m.user_id AS "userId", m.role FROM chat.members m
        WHERE ${IN_ROOM} AND m.user_id <> $2 ORDER BY m.joined_at, m.user_id`,
      [roomId, userId],
    );
  }

  /** Of those of the users who are members or asked to come back. */
  async placesOf(tx: Queries, roomId: string, userIds: readonly string[]): Promise<Map<string, Place>> {
    const rows = await tx.query<Place & { userId: string }>(
      `SELECT given.id AS "userId", m.role, f.invited_by IS NOT NULL AS invited
         FROM unnest($2::uuid[]) AS given (id)
         LEFT JOIN chat.members m ON ${IN_ROOM} AND m.user_id = given.id
         LEFT JOIN chat.former_members f ON f.bucket = chat.bucket($1) AND f.room_id = $1 AND f.user_id = given.id
        WHERE m.role IS NOT NULL OR f.invited_by IS NOT NULL`,
      [roomId, userIds],
    );
    return new Map(rows.map(({ userId, ...place }) => [userId, place]));
  }

  /** Adds members, and counts them in the same statement. Nobody asks them to come any more. */
  async add(tx: Queries, roomId: string, members: readonly Arrival[]): Promise<void> {
    await tx.query(
      `WITH added AS (
         INSERT INTO chat.members (bucket, room_id, user_id, role, joined_at, read_seq)
         SELECT chat.bucket($1), $1, user_id, role, now(), read_seq
           FROM unnest($2::uuid[], $3::text[], $4::bigint[]) AS given (user_id, role, read_seq)
         RETURNING user_id),
       came_back AS (
         UPDATE chat.former_members f SET by_choice = false, invited_by = NULL, invited_at = NULL
           FROM added WHERE f.bucket = chat.bucket($1) AND f.room_id = $1 AND f.user_id = added.user_id)
       UPDATE chat.rooms SET member_count = member_count + (SELECT count(*) FROM added)
        WHERE bucket = chat.bucket($1) AND id = $1`,
      [roomId, members.map((m) => m.userId), members.map((m) => m.role), members.map((m) => m.readSeq)],
    );
  }

  /**
   * It is remembered that they were there.
   * @param how whether they have left by themselves
   */
  async remove(tx: Queries, roomId: string, userId: string, how: { byChoice: boolean }): Promise<void> {
    await tx.query(
      `WITH gone AS (
         DELETE FROM chat.members m WHERE ${IN_ROOM} AND m.user_id = $2 RETURNING bucket, room_id, user_id),
       kept AS (
         INSERT INTO chat.former_members (bucket, room_id, user_id, by_choice) SELECT gone.*, $3 FROM gone
         ON CONFLICT (bucket, room_id, user_id) DO UPDATE SET by_choice = EXCLUDED.by_choice)
       UPDATE chat.rooms SET member_count = member_count - (SELECT count(*) FROM gone)
        WHERE bucket = chat.bucket($1) AND id = $1`,
      [roomId, userId, how.byChoice],
    );
    // a statement of its own: who was following one at that moment had to be waited for
    await tx.query(
      'DELETE FROM chat.thread_followers WHERE user_id = $2 AND bucket = chat.bucket($1) AND room_id = $1',
      [roomId, userId],
    );
  }

  async setRole(tx: Queries, roomId: string, change: RoleChange): Promise<void> {
    await tx.query(`UPDATE chat.members m SET role = $3 WHERE ${IN_ROOM} AND m.user_id = $2`, [
      roomId,
      change.userId,
      change.role,
    ]);
  }

  /**
   * Moves markers of a room forward, as far as its log goes; what two devices mark at once ends at the further mark. Who
   * is no member has none.
   * @param marks of each reader one
   * @returns those that have moved, and how many members the room has
   */
  async markRead(
    roomId: string,
    marks: readonly ReadMark[],
  ): Promise<(MovedMark & { memberCount: number })[]> {
    return this.db.query<MovedMark & { memberCount: number }>(
      // locked in one order, so that the batches of two replicas do not wait for each other
      `WITH further AS MATERIALIZED (
         SELECT m.user_id, LEAST(given.seq, r.last_seq) AS seq, r.member_count
           FROM unnest($2::uuid[], $3::bigint[]) AS given (user_id, seq)
           JOIN chat.rooms r ON r.bucket = chat.bucket($1) AND r.id = $1
           JOIN chat.members m ON ${IN_ROOM} AND m.user_id = given.user_id
          WHERE m.read_seq < LEAST(given.seq, r.last_seq)
          ORDER BY m.user_id
            FOR UPDATE OF m)
       UPDATE chat.members m SET read_seq = further.seq FROM further
        WHERE ${IN_ROOM} AND m.user_id = further.user_id AND m.read_seq < further.seq
       RETURNING m.user_id AS "userId", m.read_seq::float8 AS seq, m.revision, further.member_count AS "memberCount"`,
      [roomId, marks.map((m) => m.userId), marks.map((m) => m.seq)],
    );
  }

  /** Moves a marker back, so that what has this number is unread. @returns undefined where it is not beyond that */
  async markUnread(roomId: string, { userId, seq }: ReadMark): Promise<MovedMark | undefined> {
    const [moved] = await this.db.query<MovedMark>(
      `UPDATE chat.members m SET read_seq = GREATEST($3::bigint - 1, 0), revision = m.revision + 1
        WHERE ${IN_ROOM} AND m.user_id = $2 AND m.read_seq > GREATEST($3::bigint - 1, 0)
       RETURNING m.user_id AS "userId", m.read_seq::float8 AS seq, m.revision`,
      [roomId, userId, seq],
    );
    return moved;
  }

  /** Moves a user's markers to the ends of their rooms. @returns those that have moved */
  async markAllRead(userId: string): Promise<(MovedMark & { roomId: string; memberCount: number })[]> {
    return this.db.query<MovedMark & { roomId: string; memberCount: number }>(
      // locked in one order, as two devices may do it at once
      `WITH behind AS MATERIALIZED (
         SELECT m.bucket, m.room_id, r.last_seq, r.member_count
           FROM chat.members m JOIN chat.rooms r ON r.bucket = m.bucket AND r.id = m.room_id
          WHERE m.user_id = $1 AND m.read_seq < r.last_seq
          ORDER BY m.room_id
            FOR UPDATE OF m)
       UPDATE chat.members m SET read_seq = behind.last_seq FROM behind
        WHERE m.bucket = behind.bucket AND m.room_id = behind.room_id AND m.user_id = $1
          AND m.read_seq < behind.last_seq
       RETURNING m.room_id AS "roomId", m.user_id AS "userId", m.read_seq::float8 AS seq, m.revision,
         behind.member_count AS "memberCount"`,
      [userId],
    );
  }
}
