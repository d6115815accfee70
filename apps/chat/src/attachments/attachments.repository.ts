import { Injectable } from '@nestjs/common';
import { Database, InjectDatabase, type Queries } from '@veche/database';
import type { Details } from './attachment.entity';
import type { FileRow } from './attachment.wire';

const FILE = `id, owner_id AS "ownerId", room_id AS "roomId", name, size::float8 AS size, sha256, details,
  ready_at IS NOT NULL AS "isReady"`;

@Injectable()
export class AttachmentsRepository {
  constructor(@InjectDatabase('chat') private readonly db: Database) {}

  transaction<T>(work: (tx: Queries) => Promise<T>): Promise<T> {
    return this.db.transaction(work);
  }

  async find(id: string): Promise<FileRow | undefined> {
    const [row] = await this.db.query<FileRow>(`SELECT ${FILE} FROM chat.attachments WHERE id = $1`, [id]);
    return row;
  }

  /** Those of some files that are somebody's and there, in the order in which they were asked for. */
  async findReady(ids: readonly string[], ownerId: string): Promise<FileRow[]> {
    return this.db.query<FileRow>(
      `SELECT ${FILE} FROM unnest($1::uuid[]) WITH ORDINALITY AS wanted (id, place)
       JOIN chat.attachments USING (id) WHERE owner_id = $2 AND ready_at IS NOT NULL ORDER BY place`,
      [ids, ownerId],
    );
  }

  /** What one person has takes turns: of what they begin at once, each sees what was begun before. */
  async lockOwner(tx: Queries, ownerId: string): Promise<void> {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('files of ' || $1, 0))`, [ownerId]);
  }

  async usedBy(tx: Queries, ownerId: string): Promise<number> {
    const [row] = await tx.query<{ used: number }>(
      'SELECT COALESCE(sum(size), 0)::float8 AS used FROM chat.attachments WHERE owner_id = $1',
      [ownerId],
    );
    return row?.used ?? 0;
  }

  async usedByAll(): Promise<number> {
    const [row] = await this.db.query<{ used: number }>(
      'SELECT COALESCE(sum(size), 0)::float8 AS used FROM chat.attachments',
    );
    return row?.used ?? 0;
  }

  async create(tx: Queries, file: Pick<FileRow, 'id' | 'ownerId' | 'name' | 'size'>): Promise<void> {
    await tx.query('INSERT INTO chat.attachments (id, owner_id, name, size) VALUES ($1, $2, $3, $4)', [
      file.id,
      file.ownerId,
      file.name,
      file.size,
    ]);
  }

  /** Whether it is there, somebody's and in no message; not any more afterwards. */
  async cancel(id: string, ownerId: string): Promise<boolean> {
    const rows = await this.db.query(
      'DELETE FROM chat.attachments WHERE id = $1 AND owner_id = $2 AND room_id IS NULL RETURNING 1',
      [id, ownerId],
    );
    return rows.length > 0;
  }

  /**
   * Refers to a content that is about to be put into the store. Who sweeps it at this moment is waited for; from then on
   * nobody does.
   * @returns undefined where there is no such upload
   */
  async describe(
    id: string,
    sha256: string,
    size: number,
    details: Details,
  ): Promise<{ isReady: boolean } | undefined> {
    return this.db.transaction(async (tx) => {
      const [row] = await tx.query<{ isReady: boolean; sha256: string | null }>(
        'SELECT ready_at IS NOT NULL AS "isReady", sha256 FROM chat.attachments WHERE id = $1 FOR UPDATE',
        [id],
      );
      if (!row || row.isReady) return row;
      await tx.query('UPDATE chat.attachments SET sha256 = $2, size = $3, details = $4 WHERE id = $1', [
        id,
        sha256,
        size,
        JSON.stringify(details),
      ]);
      // another gateway saw it otherwise
      if (row.sha256 !== null && row.sha256 !== sha256)
        await tx.query(
          `INSERT INTO chat.file_sweeps (sha256, due_at) VALUES ($1, clock_timestamp() + interval '10 minutes')
           ON CONFLICT DO NOTHING`,
          [row.sha256],
        );
      await tx.query('DELETE FROM chat.file_sweeps WHERE sha256 = $1', [sha256]);
      return row;
    });
  }

  /** @returns undefined where there is no such upload, or it was described otherwise */
  async finish(id: string, sha256: string): Promise<FileRow | undefined> {
    const [row] = await this.db.query<FileRow>(
      `UPDATE chat.attachments SET ready_at = COALESCE(ready_at, clock_timestamp())
       WHERE id = $1 AND sha256 = $2 RETURNING ${FILE}`,
      [id, sha256],
    );
    return row;
  }

  /** Takes out what no message refers to after so many seconds, at most so much. @returns how many */
  async expire(seconds: number, limit: number): Promise<number> {
    const rows = await this.db.query(
      `DELETE FROM chat.attachments WHERE id = ANY (ARRAY(
         SELECT id FROM chat.attachments
         WHERE room_id IS NULL AND created_at < clock_timestamp() - $1 * interval '1 second'
         ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED))
       RETURNING 1`,
      [seconds, limit],
    );
    return rows.length;
  }

  /** Takes out what somebody has uploaded and not sent. */
  async forget(ownerId: string): Promise<void> {
    await this.db.query('DELETE FROM chat.attachments WHERE owner_id = $1 AND room_id IS NULL', [ownerId]);
  }

  /**
   * Has one content removed that nothing refers to, if there is one. Who is about to refer to it waits until it is gone,
   * and puts it there anew.
   * @returns whether one was looked at
   */
  async sweepOne(remove: (sha256: string) => Promise<void>): Promise<boolean> {
    return this.db.transaction(async (tx) => {
      const [due] = await tx.query<{ sha256: string }>(
        `SELECT sha256 FROM chat.file_sweeps WHERE due_at < clock_timestamp()
         ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED`,
      );
      if (!due) return false;
      const used = await tx.query('SELECT FROM chat.attachments WHERE sha256 = $1 LIMIT 1', [due.sha256]);
      if (used.length === 0) await remove(due.sha256);
      await tx.query('DELETE FROM chat.file_sweeps WHERE sha256 = $1', [due.sha256]);
      return true;
    });
  }
}
