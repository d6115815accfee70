import { Injectable } from '@nestjs/common';
import type { RoleName } from '@veche/access';
import { Database, InjectDatabase, type Queries } from '@veche/database';
import { fold } from '@veche/protocol';
import { containing, nameKey } from '../users/user.rules';
import { USER } from '../users/users.repository';
import type { AccountRow } from './account.wire';
import type { Powers } from './management.rules';

const ACCOUNT = `${USER}, disabled_at AS "disabledAt",
  (SELECT max(last_seen_at) FROM auth.sessions WHERE user_id = users.id) AS "lastSeenAt"`;

export interface AccountFilter {
  readonly search?: string | undefined;
  readonly role?: RoleName | undefined;
  readonly disabled?: boolean | undefined;
}

@Injectable()
export class ManagementRepository {
  constructor(@InjectDatabase('auth') private readonly db: Database) {}

  async find(id: string): Promise<AccountRow | undefined> {
    const [row] = await this.db.query<AccountRow>(`SELECT ${ACCOUNT} FROM auth.users WHERE id = $1`, [id]);
    return row;
  }

  /** Those that pass the filter, after a username, in the order of usernames. */
  list({ search, role, disabled }: AccountFilter, after: string, limit: number): Promise<AccountRow[]> {
    return this.db.query<AccountRow>(
      `SELECT ${ACCOUNT} FROM auth.users
       WHERE username_key > $1
         AND ($2::text IS NULL OR username_key LIKE $2 OR COALESCE(email_key, lower(email)) LIKE $2 OR display_name_key LIKE $3)
         AND ($4::text IS NULL OR role = $4)
         AND ($5::boolean IS NULL OR (disabled_at IS NOT NULL) = $5)
       ORDER BY username_key LIMIT $6`,
      [
        after,
        search === undefined ? undefined : containing(nameKey(search)),
        search === undefined ? undefined : containing(fold(search)),
        role,
        disabled,
        limit,
      ],
    );
  }

  /** Holds an account until the transaction ends. */
  async lock(tx: Queries, id: string): Promise<(Powers & { hasPassword: boolean }) | undefined> {
    const [is] = await tx.query<Powers & { hasPassword: boolean }>(
      `SELECT role, disabled_at IS NOT NULL AS disabled, password_hash IS NOT NULL AS "hasPassword"
       FROM auth.users WHERE id = $1 FOR UPDATE`,
      [id],
    );
    return is;
  }

  /**
   * How many others may administer. Until the transaction ends nobody else gets an answer: of two admins who take each
   * other's role away, the second sees what the first has done. A lock of its own, and none of accounts: whoever
   * changes an admin in another way does not wait, and two who hold an account each cannot wait for each other.
   */
  async countOtherAdmins(tx: Queries, id: string): Promise<number> {
    await tx.query("SELECT pg_advisory_xact_lock(hashtext('veche: an admin less'))");
    const [row] = await tx.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM auth.users
       WHERE role = 'admin' AND disabled_at IS NULL AND id <> $1`,
      [id],
    );
    return row?.count ?? 0;
  }
}
