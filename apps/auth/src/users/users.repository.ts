import { Injectable } from '@nestjs/common';
import { Database, InjectDatabase, type Queries, violatedConstraint, sharedReads } from '@veche/database';
import { AppError } from '@veche/errors';
import { look } from '@veche/lookalikes';
import { fold, nameWords } from '@veche/protocol';
import type { UserEntity } from './user.entity';
import { nameKey } from './user.rules';
import type { ProfileRow, UserRow } from './user.wire';
import { UsernamesRepository } from './usernames.repository';

const PROFILE = `id, username, display_name AS "displayName", bio, role, created_at AS "createdAt",
  disabled_at IS NOT NULL AS disabled,
  EXISTS (SELECT FROM auth.users other
          WHERE other.display_name_look = users.display_name_look AND other.id <> users.id
            AND other.disabled_at IS NULL)
  OR EXISTS (SELECT FROM auth.username_looks other
             WHERE other.look = users.display_name_look AND other.user_id <> users.id
               AND other.kept_until IS NULL) AS "nameShared"`;
export const USER = `${PROFILE}, COALESCE(email, '') AS email`;

export type NewUser = Pick<
  UserEntity,
  'id' | 'username' | 'email' | 'passwordHash' | 'displayName' | 'createdAt' | 'role'
>;
export type Credentials = Pick<UserEntity, 'id' | 'passwordHash' | 'disabledAt'>;
export type Changes = {
  [K in keyof Omit<NewUser, 'id' | 'createdAt'>]?: NonNullable<NewUser[K]> | undefined;
} & { bio?: string | undefined; disabled?: boolean | undefined };

/** What begins with a text is between it and this: the last of all characters. */
const LAST = 'chr(1114111)';
/** More words than this say nothing more about whom somebody looks for. */
const MAX_WORDS = 8;

/** Which name was taken is told by the unique index, so that two who ask at once cannot both have it. */
const taken = (error: unknown): unknown => {
  const constraint = violatedConstraint(error);
  if (constraint === 'users_username_key') return new AppError('username_taken');
  if (constraint === 'users_email_key') return new AppError('email_taken');
  return error;
};

@Injectable()
export class UsersRepository {
  constructor(
    @InjectDatabase('auth') private readonly db: Database,
    private readonly usernames: UsernamesRepository,
  ) {}

  /**
   * The first account of all that has a password becomes an admin, whatever role is given; of two that are inserted at
   * once, one waits for the other. Without a password the email is nothing that anybody signs in by, and takes nobody's.
   * @throws AppError `username_taken`, `email_taken`
   */
  async insert(tx: Queries, user: NewUser): Promise<UserRow & { isFirst: boolean }> {
    const [row] = await tx
      .query<UserRow & { isFirst: boolean }>(
        `WITH first AS (
           INSERT INTO auth.first_account (user_id) SELECT $1::uuid WHERE $6::text IS NOT NULL
           ON CONFLICT DO NOTHING RETURNING user_id
         )
         INSERT INTO auth.users (id, username, username_key, email, email_key, password_hash, display_name,
           display_name_key, display_name_look, created_at, role)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,
           CASE WHEN EXISTS (SELECT FROM first) THEN 'admin' ELSE $11 END)
         RETURNING ${USER}, EXISTS (SELECT FROM first) AS "isFirst"`,
        [
          user.id,
          user.username,
          nameKey(user.username),
          user.email,
          user.email !== null && user.passwordHash !== null ? nameKey(user.email) : null,
          user.passwordHash,
          user.displayName,
          fold(user.displayName),
          look(user.displayName),
          user.createdAt,
          user.role,
        ],
      )
      .catch((error: unknown) => {
        throw taken(error);
      });
    if (!row) throw new Error('an insert gave no row');
    await this.usernames.take(tx, user.id, user.username, user.createdAt, user.createdAt);
    await this.index(tx, row);
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

  /** Somebody who stays as they are until the transaction ends. */
  async holdAsIs(tx: Queries, id: string): Promise<UserRow | undefined> {
    const [row] = await tx.query<UserRow>(`SELECT ${USER} FROM auth.users WHERE id = $1 FOR SHARE`, [id]);
    return row;
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
      `SELECT ${PROFILE} FROM auth.users
       WHERE username_key = ANY ($1::text[]) AND disabled_at IS NULL ORDER BY username_key`,
      [usernameKeys],
    );
  }

  /** Of accounts that may log in. */
  idsByUsernames(usernameKeys: readonly string[]): Promise<{ username: string; userId: string }[]> {
    return this.db.query<{ username: string; userId: string }>(
      `SELECT username_key AS username, id AS "userId" FROM auth.users
       WHERE username_key = ANY ($1::text[]) AND disabled_at IS NULL`,
      [usernameKeys],
    );
  }

  /**
   * Whose names have a word for each of these that begins with it, after a username, in the order of usernames.
   * @param words at least one
   */
  search(words: readonly string[], after: string, limit: number): Promise<ProfileRow[]> {
    const wanted = words.slice(0, MAX_WORDS);
    const found = wanted.map(
      (_, i) =>
        `id IN (SELECT user_id FROM auth.user_words WHERE word >= $${i + 3} AND word < $${i + 3} || ${LAST})`,
    );
    return this.db.query<ProfileRow>(
      `SELECT ${PROFILE} FROM auth.users
       WHERE ${found.join(' AND ')} AND username_key > $1 AND disabled_at IS NULL
       ORDER BY username_key LIMIT $2`,
      [after, limit, ...wanted],
    );
  }

  /**
   * Changes what is given and leaves the rest.
   * @param nameKeptUntil until when a username that is given up is kept for who had it
   * @throws AppError `username_taken`, `email_taken`
   */
  async update(
    tx: Queries,
    id: string,
    changes: Changes,
    at: Date,
    nameKeptUntil: Date,
  ): Promise<UserRow | undefined> {
    const { username, email, displayName } = changes;
    const [row] = await tx
      .query<UserRow>(
        `UPDATE auth.users SET changed_at = $2,
           username = COALESCE($3, username), username_key = COALESCE($4, username_key),
           email = COALESCE($5, email),
           email_key = CASE WHEN password_hash IS NOT NULL THEN COALESCE($6, email_key) END,
           display_name = COALESCE($7, display_name), display_name_key = COALESCE($8, display_name_key),
           display_name_look = COALESCE($9, display_name_look),
           bio = COALESCE($10, bio), role = COALESCE($11, role), password_hash = COALESCE($12, password_hash),
           disabled_at = CASE COALESCE($13, disabled_at IS NOT NULL) WHEN true THEN COALESCE(disabled_at, $2) END
         WHERE id = $1 RETURNING ${USER}`,
        [
          id,
          at,
          username,
          username === undefined ? undefined : nameKey(username),
          email,
          email === undefined ? undefined : nameKey(email),
          displayName,
          displayName === undefined ? undefined : fold(displayName),
          displayName === undefined ? undefined : look(displayName),
          changes.bio,
          changes.role,
          changes.passwordHash,
          changes.disabled,
        ],
      )
      .catch((error: unknown) => {
        throw taken(error);
      });
    if (!row) return undefined;
    if (username !== undefined) await this.usernames.take(tx, id, username, at, nameKeptUntil);
    if (username !== undefined || displayName !== undefined) await this.index(tx, row);
    return row;
  }

  /** Makes somebody be found by the names that they have now, and by no others. */
  private async index(tx: Queries, { id, username, displayName }: ProfileRow): Promise<void> {
    const words = [...new Set([username, displayName].flatMap(nameWords))];
    await tx.query(
      `WITH gone AS (DELETE FROM auth.user_words WHERE user_id = $1 AND word <> ALL ($2::text[]))
       INSERT INTO auth.user_words (word, user_id) SELECT unnest($2::text[]), $1::uuid ON CONFLICT DO NOTHING`,
      [id, words],
    );
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
