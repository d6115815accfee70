import { Injectable } from '@nestjs/common';
import { Database, InjectDatabase } from '@veche/database';
import type { ApiKeyEntity } from './api-key.entity';
import type { ListedKey } from './api-key.wire';

const LISTED = `id, name, scopes, hint, created_at AS "createdAt", expires_at AS "expiresAt",
  last_used_at AS "lastUsedAt", previous_until AS "previousUntil"`;
/** More than anybody can keep apart. */
const MAX_LISTED = 1_000;

export type NewKey = Pick<
  ApiKeyEntity,
  'id' | 'name' | 'scopes' | 'hint' | 'secretHash' | 'createdAt' | 'expiresAt'
>;
export type ShownKey = Pick<
  ApiKeyEntity,
  'id' | 'scopes' | 'expiresAt' | 'revokedAt' | 'previousUntil' | 'lastUsedAt'
> & { isPrevious: boolean };

@Injectable()
export class ApiKeysRepository {
  constructor(@InjectDatabase('auth') private readonly db: Database) {}

  async insert(key: NewKey): Promise<ListedKey> {
    const [row] = await this.db.query<ListedKey>(
      `INSERT INTO auth.api_keys (id, name, scopes, hint, secret_hash, created_at, expires_at, changed_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $6) RETURNING ${LISTED}`,
      [key.id, key.name, key.scopes, key.hint, key.secretHash, key.createdAt, key.expiresAt],
    );
    if (!row) throw new Error('an insert gave no row');
    return row;
  }

  list(): Promise<ListedKey[]> {
    return this.db.query<ListedKey>(
      `SELECT ${LISTED} FROM auth.api_keys WHERE revoked_at IS NULL ORDER BY created_at DESC, id DESC LIMIT ${MAX_LISTED}`,
    );
  }

  /** The key whose secret this is, or was before the present one. */
  async findBySecret(secretHash: Buffer): Promise<ShownKey | undefined> {
    const [row] = await this.db.query<ShownKey>(
      `SELECT id, scopes, expires_at AS "expiresAt", revoked_at AS "revokedAt", previous_until AS "previousUntil",
         last_used_at AS "lastUsedAt", secret_hash <> $1 AS "isPrevious"
       FROM auth.api_keys WHERE secret_hash = $1 OR previous_hash = $1`,
      [secretHash],
    );
    return row;
  }

  async rotate(
    id: string,
    { secretHash, hint }: Pick<NewKey, 'secretHash' | 'hint'>,
    previousUntil: Date,
    now: Date,
  ): Promise<ListedKey | undefined> {
    const [row] = await this.db.query<ListedKey>(
      `UPDATE auth.api_keys SET previous_hash = secret_hash, previous_until = $4, secret_hash = $2, hint = $3, changed_at = $5
       WHERE id = $1 AND revoked_at IS NULL RETURNING ${LISTED}`,
      [id, secretHash, hint, previousUntil, now],
    );
    return row;
  }

  /** @returns whether there was one that was not revoked */
  async revoke(id: string, now: Date): Promise<boolean> {
    const rows = await this.db.query(
      'UPDATE auth.api_keys SET revoked_at = $2, changed_at = $2 WHERE id = $1 AND revoked_at IS NULL RETURNING id',
      [id, now],
    );
    return rows.length === 1;
  }

  async used(id: string, now: Date): Promise<void> {
    await this.db.query('UPDATE auth.api_keys SET last_used_at = $2 WHERE id = $1', [id, now]);
  }

  async listChangedSince(since: Date, limit: number): Promise<string[]> {
    const rows = await this.db.query<{ id: string }>(
      'SELECT id FROM auth.api_keys WHERE changed_at > $1 ORDER BY changed_at DESC LIMIT $2',
      [since, limit],
    );
    return rows.map(({ id }) => id);
  }

  async removeRevoked(before: Date): Promise<void> {
    await this.db.query('DELETE FROM auth.api_keys WHERE revoked_at < $1', [before]);
  }
}
