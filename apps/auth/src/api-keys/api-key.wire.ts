import type { ApiKey } from '@veche/contracts';
import type { ApiKeyEntity } from './api-key.entity';

export type ListedKey = Pick<
  ApiKeyEntity,
  'id' | 'name' | 'scopes' | 'hint' | 'createdAt' | 'expiresAt' | 'lastUsedAt' | 'previousUntil'
>;

export const toApiKey = (row: ListedKey, now: Date): ApiKey => ({
  id: row.id,
  name: row.name,
  scopes: row.scopes,
  hint: row.hint,
  createdAt: row.createdAt,
  expiresAt: row.expiresAt ?? undefined,
  lastUsedAt: row.lastUsedAt ?? undefined,
  previousUntil: row.previousUntil && row.previousUntil > now ? row.previousUntil : undefined,
});
