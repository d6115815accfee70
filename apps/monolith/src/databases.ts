import type { Config } from '@veche/config';
import { openEmbeddedPostgres } from '@veche/embedded-postgres';
import { join } from 'node:path';

export interface Databases {
  readonly auth: string;
  readonly chat: string;
  close(): Promise<void>;
}

/** The databases that are configured, and the embedded one in place of those that are not. */
export const openDatabases = async (config: Config): Promise<Databases> => {
  const { AUTH_DATABASE_URL: auth, CHAT_DATABASE_URL: chat } = config;
  if (auth && chat) return { auth, chat, close: async () => undefined };
  const embedded = await openEmbeddedPostgres({ folder: join(config.DATA_DIR, 'postgres') });
  return { auth: auth ?? embedded.url, chat: chat ?? embedded.url, close: () => embedded.close() };
};
