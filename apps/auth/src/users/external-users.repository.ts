import { Injectable } from '@nestjs/common';
import { Database, InjectDatabase, type Queries } from '@veche/database';
import type { ExternalUserEntity } from './external-user.entity';
import type { ExternalProfile } from './external-user.rules';

/** Somebody as another system knows them. */
export type ExternalRef = Pick<ExternalUserEntity, 'namespace' | 'externalId'>;
export type ExternalRow = Pick<ExternalUserEntity, 'userId' | 'told' | 'goneAt'>;

const ROW = 'user_id AS "userId", told, gone_at AS "goneAt"';

@Injectable()
export class ExternalUsersRepository {
  constructor(@InjectDatabase('auth') private readonly db: Database) {}

  /** Somebody whose account does not go until the transaction ends. */
  async find(tx: Queries, { namespace, externalId }: ExternalRef): Promise<ExternalRow | undefined> {
    const [row] = await tx.query<ExternalRow>(
      `SELECT ${ROW} FROM auth.external_users WHERE namespace = $1 AND external_id = $2 FOR SHARE`,
      [namespace, externalId],
    );
    return row;
  }

  /** Holds somebody until the transaction ends, also where nobody has heard of them: of two who do so, one waits. */
  async hold(tx: Queries, { namespace, externalId }: ExternalRef): Promise<ExternalRow> {
    await tx.query(
      `INSERT INTO auth.external_users (namespace, external_id) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
      [namespace, externalId],
    );
    const [row] = await tx.query<ExternalRow>(
      `SELECT ${ROW} FROM auth.external_users WHERE namespace = $1 AND external_id = $2 FOR UPDATE`,
      [namespace, externalId],
    );
    if (!row) throw new Error('what was just inserted is not there');
    return row;
  }

  /** Whose account somebody is from now on, and what was said of them. */
  async bind(
    tx: Queries,
    { namespace, externalId }: ExternalRef,
    userId: string,
    told: ExternalProfile | null,
  ): Promise<void> {
    await tx.query(
      `UPDATE auth.external_users SET user_id = $3, told = $4, gone_at = NULL WHERE namespace = $1 AND external_id = $2`,
      [namespace, externalId, userId, told && JSON.stringify(told)],
    );
  }

  /** An account goes: first of all in its transaction, in the order in which {@link hold} and the account are locked. */
  async release(tx: Queries, userId: string, at: Date): Promise<void> {
    await tx.query(
      'UPDATE auth.external_users SET user_id = NULL, told = NULL, gone_at = $2 WHERE user_id = $1',
      [userId, at],
    );
  }

  /** Nothing is left by then that was signed before they went. */
  async forgetGone(before: Date): Promise<void> {
    await this.db.query('DELETE FROM auth.external_users WHERE gone_at < $1', [before]);
  }
}
