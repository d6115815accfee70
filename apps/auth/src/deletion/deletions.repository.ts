import { Injectable } from '@nestjs/common';
import { Database, InjectDatabase, type Queries } from '@veche/database';
import type { DeletionEntity } from './deletion.entity';

export type DueDeletion = Pick<DeletionEntity, 'userId' | 'confirmedAt'>;
export type RecentDeletion = Pick<DeletionEntity, 'userId' | 'sessionIds'>;

@Injectable()
export class DeletionsRepository {
  constructor(@InjectDatabase('auth') private readonly db: Database) {}

  /** Deletes an account, its sessions and their tokens, and writes down that chat is to be told. */
  async delete(tx: Queries, { userId, sessionIds }: RecentDeletion, at: Date): Promise<void> {
    await tx.query('DELETE FROM auth.users WHERE id = $1', [userId]);
    await tx.query(
      'INSERT INTO auth.deletions (user_id, session_ids, deleted_at, due_at) VALUES ($1, $2, $3, $3)',
      [userId, sessionIds, at],
    );
  }

  /** One that is due, which is the caller's until a time; if it dies it is anybody's again. */
  async claim(now: Date, until: Date): Promise<DueDeletion | undefined> {
    const [row] = await this.db.query<DueDeletion>(
      `UPDATE auth.deletions SET due_at = $2 WHERE user_id = (
         SELECT user_id FROM auth.deletions WHERE due_at <= $1 ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
       RETURNING user_id AS "userId", confirmed_at AS "confirmedAt"`,
      [now, until],
    );
    return row;
  }

  async confirm(userId: string, at: Date, dueAgain: Date): Promise<void> {
    await this.db.query('UPDATE auth.deletions SET confirmed_at = $2, due_at = $3 WHERE user_id = $1', [
      userId,
      at,
      dueAgain,
    ]);
  }

  async postpone(userId: string, until: Date): Promise<void> {
    await this.db.query('UPDATE auth.deletions SET due_at = $2 WHERE user_id = $1', [userId, until]);
  }

  async remove(userId: string): Promise<void> {
    await this.db.query('DELETE FROM auth.deletions WHERE user_id = $1', [userId]);
  }

  /** The latest first. */
  listSince(since: Date, limit: number): Promise<RecentDeletion[]> {
    return this.db.query<RecentDeletion>(
      `SELECT user_id AS "userId", session_ids AS "sessionIds" FROM auth.deletions
       WHERE deleted_at > $1 ORDER BY deleted_at DESC LIMIT $2`,
      [since, limit],
    );
  }
}
