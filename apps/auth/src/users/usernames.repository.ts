import { Injectable } from '@nestjs/common';
import { Database, InjectDatabase, type Queries } from '@veche/database';
import { looks } from '@veche/lookalikes';
import { AppError } from '@veche/errors';

/** Usernames that somebody has given up and that are kept for them: the latest, so that nobody gathers names. */
const KEPT = 3;

/** Whose the look of a username is: as long as it is theirs, and for a while after they gave it up. */
@Injectable()
export class UsernamesRepository {
  constructor(@InjectDatabase('auth') private readonly db: Database) {}

  /**
   * Takes a username for somebody, who gives up the one before it.
   * @param keptUntil until when that is kept for them
   * @throws AppError `username_taken` where it looks like one that another has, or had lately
   */
  async take(tx: Queries, userId: string, username: string, now: Date, keptUntil: Date): Promise<void> {
    const wanted = looks(username);
    await this.giveUp(tx, userId, keptUntil, wanted);
    const taken = await tx.query(
      `INSERT INTO auth.username_looks (look, user_id) SELECT unnest($2::text[]), $1::uuid
       ON CONFLICT (look) DO UPDATE SET user_id = $1, kept_until = NULL
         WHERE username_looks.user_id = $1 OR username_looks.kept_until <= $3
       RETURNING look`,
      [userId, wanted, now],
    );
    if (taken.length < wanted.length) throw new AppError('username_taken');
  }

  /** Keeps what somebody is called no more, `but` for what they still are. */
  async giveUp(tx: Queries, userId: string, keptUntil: Date, but: readonly string[] = []): Promise<void> {
    await tx.query(
      `UPDATE auth.username_looks SET kept_until = $2
       WHERE user_id = $1 AND kept_until IS NULL AND look <> ALL ($3::text[])`,
      [userId, keptUntil, but],
    );
    await tx.query(
      `DELETE FROM auth.username_looks WHERE user_id = $1 AND kept_until < (
         SELECT DISTINCT kept_until FROM auth.username_looks WHERE user_id = $1 AND kept_until IS NOT NULL
         ORDER BY kept_until DESC OFFSET $2 LIMIT 1)`,
      [userId, KEPT - 1],
    );
  }

  /** What was kept for long enough. */
  async forget(now: Date): Promise<void> {
    await this.db.query('DELETE FROM auth.username_looks WHERE kept_until <= $1', [now]);
  }
}
