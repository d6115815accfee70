import { Injectable } from '@nestjs/common';
import type { Membership, RoomEnd } from '@veche/contracts';
import { Database, InjectDatabase } from '@veche/database';
import { unreadMentions } from '../mentions/mentions.repository';
import { PREFERRED, type PreferredRow } from '../preferences/preferences.repository';

const NEWEST = `(
  SELECT e.seq FROM chat.room_events e WHERE e.bucket = r.bucket AND e.room_id = r.id AND e.type = 'message.created'
   ORDER BY e.seq DESC LIMIT 1)`;

/** @see Membership */
export interface MembershipRow extends Omit<Membership, 'preferences'> {
  /** null: the user has changed nothing */
  preferences: PreferredRow | null;
}

@Injectable()
export class DeliveryRepository {
  constructor(@InjectDatabase('chat') private readonly db: Database) {}

  /** Of each user the room with the newest message first. */
  async memberships(userIds: readonly string[]): Promise<MembershipRow[]> {
    return this.db.query<MembershipRow>(
      `SELECT m.user_id AS "userId", m.room_id AS "roomId", r.last_seq::float8 AS "lastSeq",
         r.member_count AS "memberCount", m.read_seq::float8 AS "readSeq",
         CASE WHEN m.read_seq < r.last_seq THEN ${unreadMentions('m.user_id', 'm.read_seq', NEWEST)} ELSE 0 END AS mentions,
         ${PREFERRED} AS preferences
       FROM chat.members m JOIN chat.rooms r ON r.bucket = m.bucket AND r.id = m.room_id
       WHERE m.user_id = ANY($1::uuid[])
       ORDER BY r.last_at DESC, r.id DESC`,
      [userIds],
    );
  }

  /** Of those that are there. */
  async ends(roomIds: readonly string[]): Promise<RoomEnd[]> {
    if (roomIds.length === 0) return [];
    return this.db.query<RoomEnd>(
      `SELECT r.id AS "roomId", r.last_seq::float8 AS "lastSeq"
       FROM unnest($1::uuid[]) AS given (id)
       JOIN chat.rooms r ON r.bucket = chat.bucket(given.id) AND r.id = given.id`,
      [roomIds],
    );
  }
}
