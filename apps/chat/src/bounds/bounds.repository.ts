import { Injectable } from '@nestjs/common';
import { type Database, InjectDatabase, type Queries } from '@veche/database';
import type { TallyEntity } from './tally.entity';

@Injectable()
export class BoundsRepository {
  constructor(@InjectDatabase('chat') private readonly db: Database) {}

  /** Those of some users who are in none of somebody's rooms. */
  async strangersTo(userId: string, others: readonly string[]): Promise<string[]> {
    const rows = await this.db.query<{ id: string }>(
      `SELECT other.id FROM unnest($2::uuid[]) AS other (id)
       EXCEPT SELECT theirs.user_id
         FROM chat.members mine
         JOIN chat.members theirs ON theirs.bucket = mine.bucket AND theirs.room_id = mine.room_id
        WHERE mine.user_id = $1 AND theirs.user_id = ANY ($2::uuid[])`,
      [userId, others],
    );
    return rows.map((row) => row.id);
  }

  /**
   * Counts on, from the beginning where the last one is so many seconds ago. Of what somebody does at once, one waits
   * for the other's transaction.
   * @returns how many there are now
   */
  async count(
    tx: Queries,
    { userId, what, count }: Pick<TallyEntity, 'userId' | 'what' | 'count'>,
    seconds: number,
  ): Promise<number> {
    const [row] = await tx.query<{ count: number }>(
      `INSERT INTO chat.tallies AS before (user_id, what, since, count) VALUES ($1, $2, now(), $3)
       ON CONFLICT (user_id, what) DO UPDATE SET
         since = CASE WHEN before.since <= now() - $4 * interval '1 second' THEN now() ELSE before.since END,
         count = CASE WHEN before.since <= now() - $4 * interval '1 second' THEN 0 ELSE before.count END + $3
       RETURNING count`,
      [userId, what, count, seconds],
    );
    return row?.count ?? 0;
  }

  async forget(userId: string): Promise<void> {
    await this.db.query('DELETE FROM chat.tallies WHERE user_id = $1', [userId]);
  }
}
