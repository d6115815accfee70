import type { ApiKey, CreateApiKeyResponse, ListApiKeysResponse } from '@veche/contracts';
import { isoTime } from '../../iso-time';
import type { ApiKeyDto, ApiKeysDto, NewApiKeyDto } from './api-keys.dto';

const keyToJson = (key: ApiKey): ApiKeyDto => ({
  id: key.id,
  name: key.name,
  scopes: key.scopes,
  hint: key.hint,
  createdAt: isoTime(key.createdAt),
  expiresAt: key.expiresAt && isoTime(key.expiresAt),
  lastUsedAt: key.lastUsedAt && isoTime(key.lastUsedAt),
  previousUntil: key.previousUntil && isoTime(key.previousUntil),
});

export const keysToJson = ({ keys }: ListApiKeysResponse): ApiKeysDto => ({ items: keys.map(keyToJson) });

export const newKeyToJson = ({ key, secret }: CreateApiKeyResponse): NewApiKeyDto => {
  if (!key) throw new Error('a secret came without its key');
  return { ...keyToJson(key), secret };
};
