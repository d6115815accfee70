import { Injectable } from '@nestjs/common';
import { type Database, InjectDatabase, type Queries } from '@veche/database';

export interface InvitationRow {
  roomId: string;
  invitedBy: string;
  invitedAt: Date;
}

/** Who has left a room by themselves, and is asked to come back. */
@Injectable()
export class InvitationsRepository {
  constructor(@InjectDatabase('chat') private readonly db: Database) {}

  /**
   * Asks somebody who has left by themselves. Who is asked already is not asked again.
   * @returns false where they have not: they need not be asked
   */
  async invite(tx: Queries, roomId: string, userId: string, invitedBy: string): Promise<boolean> {
    const rows = await tx.query(
      `UPDATE chat.former_members SET invited_by = COALESCE(invited_by, $3), invited_at = COALESCE(invited_at, now())
        WHERE bucket = chat.bucket($1) AND room_id = $1 AND user_id = $2 AND by_choice
       RETURNING 1`,
      [roomId, userId, invitedBy],
    );
    return rows.length > 0;
  }

  /** @returns whether they were asked */
  async withdraw(roomId: string, userId: string, on: Queries = this.db): Promise<boolean> {
    const rows = await on.query(
      `UPDATE chat.former_members SET invited_by = NULL, invited_at = NULL
        WHERE bucket = chat.bucket($1) AND room_id = $1 AND user_id = $2 AND invited_by IS NOT NULL
       RETURNING 1`,
      [roomId, userId],
    );
    return rows.length > 0;
  }

  /** The newest first. */
  async of(userId: string, limit: number): Promise<InvitationRow[]> {
    return this.db.query<InvitationRow>(
      `SELECT room_id AS "roomId", invited_by AS "invitedBy", invited_at AS "invitedAt" FROM chat.former_members
        WHERE user_id = $1 AND invited_by IS NOT NULL ORDER BY invited_at DESC, room_id DESC LIMIT $2`,
      [userId, limit],
    );
  }
}
