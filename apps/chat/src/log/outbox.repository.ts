import { Injectable } from '@nestjs/common';
import { Database, InjectDatabase } from '@veche/database';
import type { OutboxPayload } from './outbox.wire';

@Injectable()
export class OutboxRepository {
  constructor(@InjectDatabase('chat') private readonly db: Database) {}

  /**
   * Commits that nobody published in time, the oldest first. They are the caller's for a second; if it dies they
   * are anybody's again.
   */
  async claim(limit: number): Promise<{ id: string; payload: OutboxPayload }[]> {
    const rows = await this.db.query<{ id: string; payload: OutboxPayload }>(
      `UPDATE chat.outbox SET due_at = clock_timestamp() + interval '1 second'
       WHERE id IN (SELECT id FROM chat.outbox WHERE due_at < clock_timestamp()
                    ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED)
       RETURNING id, payload`,
      [limit],
    );
    return rows.sort((a, b) => Number(a.id) - Number(b.id));
  }

  /** How many commits are in it, and since how many seconds the oldest is anybody's; 0 where none is yet. */
  async depth(): Promise<{ rows: number; overdueSeconds: number }> {
    const [found] = await this.db.query<{ rows: number; overdueSeconds: number }>(
      `SELECT count(*)::int AS rows,
         greatest(0, coalesce(extract(epoch FROM clock_timestamp() - min(due_at)), 0))::float8 AS "overdueSeconds"
       FROM chat.outbox`,
    );
    return found ?? { rows: 0, overdueSeconds: 0 };
  }

  async remove(ids: readonly string[]): Promise<void> {
    await this.db.query('DELETE FROM chat.outbox WHERE id = ANY($1::bigint[])', [ids]);
  }
}
