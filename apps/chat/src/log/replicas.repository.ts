import { Injectable } from '@nestjs/common';
import { Database, InjectDatabase } from '@veche/database';

/** A process says every half second how far it has told; who has missed three is helped by the others. */
const DUE = "interval '1.5 seconds'";
/**
 * Of one who has said nothing for so long, nothing more will be committed: longer than a transaction may be idle
 * (libs/database), and so the last look at what they left.
 */
const GONE = "interval '6 seconds'";

@Injectable()
export class ReplicasRepository {
  constructor(@InjectDatabase('chat') private readonly db: Database) {}

  /** Says how far a process has told. @returns the database's time */
  async say(id: string, toldAt: Date): Promise<Date> {
    const [row] = await this.db.query<{ now: Date }>(
      `INSERT INTO chat.replicas (id, told_at, seen_at, due_at)
       SELECT $1, $2, now, now + ${DUE} FROM clock_timestamp() AS now
       ON CONFLICT (id) DO UPDATE
         SET told_at = excluded.told_at, seen_at = excluded.seen_at, due_at = excluded.due_at
       RETURNING seen_at AS now`,
      [id, toldAt],
    );
    if (!row) throw new Error('an insert gave no row');
    return row.now;
  }

  /** Processes that have fallen silent. They are the caller's for a while: it tells what was committed since. */
  async claim(): Promise<{ id: string; toldAt: Date; gone: boolean }[]> {
    return this.db.query(
      `UPDATE chat.replicas SET due_at = clock_timestamp() + ${GONE}
       WHERE id IN (SELECT id FROM chat.replicas WHERE due_at < clock_timestamp() FOR UPDATE SKIP LOCKED)
       RETURNING id, told_at AS "toldAt", seen_at < clock_timestamp() - ${GONE} AS gone`,
    );
  }

  /** Gives back what was claimed and could not be told. */
  async release(ids: readonly string[]): Promise<void> {
    await this.db.query(
      `UPDATE chat.replicas SET due_at = clock_timestamp() + ${DUE} WHERE id = ANY($1::uuid[])`,
      [ids],
    );
  }

  /** Forgets those of whom everything was told. */
  async forget(ids: readonly string[]): Promise<void> {
    await this.db.query('DELETE FROM chat.replicas WHERE id = ANY($1::uuid[])', [ids]);
  }

  /** Forgets those that were claimed as gone and have said nothing since. */
  async bury(ids: readonly string[]): Promise<void> {
    await this.db.query(
      `DELETE FROM chat.replicas WHERE id = ANY($1::uuid[]) AND seen_at < clock_timestamp() - ${GONE}`,
      [ids],
    );
  }
}
