import { Injectable } from '@nestjs/common';
import { Database, InjectDatabase, type Queries, violatedConstraint, sharedReads } from '@veche/database';
import { AppError } from '@veche/errors';
import type { UserEntity } from './user.entity';
import { beginningWith } from './user.rules';
import type { ProfileRow, UserRow } from './user.wire';

const PROFILE = `id, username, display_name AS "displayName", bio, role, created_at AS "createdAt",
  disabled_at IS NOT NULL AS disabled`;
export const USER = `${PROFILE}, email`;

export type NewUser = Omit<UserEntity, 'bio' | 'disabledAt' | 'changedAt'>;
export type Credentials = Pick<UserEntity, 'id' | 'passwordHash' | 'disabledAt'>;
export type Changes = Partial<Omit<NewUser, 'id' | 'createdAt'>> & { bio?: string; disabled?: boolean };

/** Which name was taken is told by the unique index, so that two who ask at once cannot both have it. */
const taken = (error: unknown): unknown => {
  const constraint = violatedConstraint(error);
  if (constraint === 'users_username_key') return new AppError('username_taken');
  if (constraint === 'users_email_key') return new AppError('email_taken');
  return error;
};

@Injectable()
export class UsersRepository {
  constructor(@InjectDatabase('auth') private readonly db: Database) {}

  /**
   * The first account of all becomes an admin, whatever role is given; of two that are inserted at once, one waits for the other.
   * @throws AppError `username_taken`, `email_taken`
   */
  async insert(tx: Queries, user: NewUser): Promise<UserRow & { isFirst: boolean }> {
    const [row] = await tx
      .query<UserRow & { isFirst: boolean }>(
        `WITH first AS (
           INSERT INTO auth.first_account (user_id) VALUES ($1) ON CONFLICT DO NOTHING RETURNING user_id
         )
         INSERT INTO auth.users (id, username, username_key, email, email_key, password_hash, display_name,
           display_name_key, created_at, role)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9,
           CASE WHEN EXISTS (SELECT FROM first) THEN 'admin' ELSE $10 END)
         RETURNING ${USER}, EXISTS (SELECT FROM first) AS "isFirst"`,
        [
          user.id,
          user.username,
          user.usernameKey,
          user.email,
          user.emailKey,
          user.passwordHash,
          user.displayName,
          user.displayNameKey,
          user.createdAt,
          user.role,
        ],
      )
      .catch((error: unknown) => {
        throw taken(error);
      });
    if (!row) throw new Error('an insert gave no row');
    return row;
  }

  /** By username or email, whichever has the key. A username holds no @, so one key finds one account. */
  async findByLogin(key: string): Promise<Credentials | undefined> {
    const [row] = await this.db.query<Credentials>(
      `SELECT id, password_hash AS "passwordHash", disabled_at AS "disabledAt" FROM auth.users
       WHERE ${key.includes('@') ? 'email_key' : 'username_key'} = $1`,
      [key],
    );
    return row;
  }

  async findCredentials(id: string): Promise<Credentials | undefined> {
    const [row] = await this.db.query<Credentials>(
      `SELECT id, password_hash AS "passwordHash", disabled_at AS "disabledAt" FROM auth.users WHERE id = $1`,
      [id],
    );
    return row;
  }

  /** An account that may begin a session, as long as its password is still the one that was verified. */
  async lockVerified(tx: Queries, { id, passwordHash }: Credentials): Promise<UserRow | undefined> {
    const [row] = await tx.query<UserRow>(
      `SELECT ${USER} FROM auth.users WHERE id = $1 AND password_hash = $2 AND disabled_at IS NULL FOR SHARE`,
      [id, passwordHash],
    );
    return row;
  }

  /** Changes the password if it is still the one that was verified, and says whether it was. */
  async changePassword(tx: Queries, verified: Credentials, passwordHash: string): Promise<boolean> {
    const rows = await tx.query(
      'UPDATE auth.users SET password_hash = $3 WHERE id = $1 AND password_hash = $2 RETURNING id',
      [verified.id, verified.passwordHash, passwordHash],
    );
    return rows.length === 1;
  }

  async find(id: string, queries: Queries = this.db): Promise<UserRow | undefined> {
    const [row] = await queries.query<UserRow>(`SELECT ${USER} FROM auth.users WHERE id = $1`, [id]);
    return row;
  }

  readonly profile = sharedReads(
    (ids) => this.listByIds(ids),
    (row) => row.id,
  );

  listByIds(ids: readonly string[]): Promise<ProfileRow[]> {
    return this.db.query<ProfileRow>(
      `SELECT ${PROFILE} FROM auth.users WHERE id = ANY ($1::uuid[]) ORDER BY username_key`,
      [ids],
    );
  }

  listByUsernames(usernameKeys: readonly string[]): Promise<ProfileRow[]> {
    return this.db.query<ProfileRow>(
      `SELECT ${PROFILE} FROM auth.users WHERE username_key = ANY ($1::text[]) ORDER BY username_key`,
      [usernameKeys],
    );
  }

  /** Whose username or display name begins with a key, after a username, in the order of usernames. */
  search(key: string, after: string, limit: number): Promise<ProfileRow[]> {
    return this.db.query<ProfileRow>(
      `SELECT ${PROFILE} FROM auth.users
       WHERE (username_key LIKE $1 OR display_name_key LIKE $1) AND username_key > $2 AND disabled_at IS NULL
       ORDER BY username_key LIMIT $3`,
      [beginningWith(key), after, limit],
    );
  }

  /**
   * Changes what is given and leaves the rest.
   * @throws AppError `username_taken`, `email_taken`
   */
  async update(
    id: string,
    changes: Changes,
    at: Date,
    queries: Queries = this.db,
  ): Promise<UserRow | undefined> {
    const [row] = await queries
      .query<UserRow>(
        `UPDATE auth.users SET changed_at = $2,
           username = COALESCE($3, username), username_key = COALESCE($4, username_key),
           email = COALESCE($5, email), email_key = COALESCE($6, email_key),
           display_name = COALESCE($7, display_name), display_name_key = COALESCE($8, display_name_key),
           bio = COALESCE($9, bio), role = COALESCE($10, role), password_hash = COALESCE($11, password_hash),
           disabled_at = CASE COALESCE($12, disabled_at IS NOT NULL) WHEN true THEN COALESCE(disabled_at, $2) END
         WHERE id = $1 RETURNING ${USER}`,
        [
          id,
          at,
          changes.username,
          changes.usernameKey,
          changes.email,
          changes.emailKey,
          changes.displayName,
          changes.displayNameKey,
          changes.bio,
          changes.role,
          changes.passwordHash,
          changes.disabled,
        ],
      )
      .catch((error: unknown) => {
        throw taken(error);
      });
    return row;
  }

  /** Whoever was changed after a time, the latest first. */
  async listChangedSince(since: Date, limit: number): Promise<string[]> {
    const rows = await this.db.query<{ id: string }>(
      'SELECT id FROM auth.users WHERE changed_at > $1 ORDER BY changed_at DESC LIMIT $2',
      [since, limit],
    );
    return rows.map(({ id }) => id);
  }
}
