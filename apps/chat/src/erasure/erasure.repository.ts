import { Injectable } from '@nestjs/common';
import { Database, InjectDatabase, type Queries } from '@veche/database';

/** A message has a client id until it is erased; the index on both finds what is left of somebody. */
const LEFT = 'e.actor_id = $1 AND e.client_id IS NOT NULL';

/** What a user leaves behind in chat. Whatever chat learns to keep of people is found and erased here. */
@Injectable()
export class ErasureRepository {
  constructor(@InjectDatabase('chat') private readonly db: Database) {}

  /** Rooms that somebody belongs to or has written in. */
  async rooms(userId: string, limit: number): Promise<string[]> {
    const rows = await this.db.query<{ roomId: string }>(
      `SELECT room_id AS "roomId" FROM chat.members WHERE user_id = $1
       UNION SELECT e.room_id FROM chat.room_events e WHERE ${LEFT}
       LIMIT $2`,
      [userId, limit],
    );
    return rows.map(({ roomId }) => roomId);
  }

  /** Whether somebody has written more than so many messages in a room that are not erased. */
  async hasMore(userId: string, roomId: string, than: number): Promise<boolean> {
    const rows = await this.db.query(
      `SELECT FROM chat.room_events e WHERE ${LEFT} AND e.room_id = $2 OFFSET $3 LIMIT 1`,
      [userId, roomId, than],
    );
    return rows.length > 0;
  }

  /** Takes the texts out of somebody's messages in a room, at most `limit` of them. @returns how many */
  async erase(userId: string, roomId: string, limit: number, on: Queries = this.db): Promise<number> {
    const rows = await on.query(
      `UPDATE chat.room_events SET text = NULL, client_id = NULL,
         deleted_at = COALESCE(deleted_at, date_trunc('milliseconds', clock_timestamp()))
       WHERE room_id = $2 AND seq IN (
         SELECT e.seq FROM chat.room_events e WHERE ${LEFT} AND e.room_id = $2 LIMIT $3)
       RETURNING 1`,
      [userId, roomId, limit],
    );
    return rows.length;
  }
}
