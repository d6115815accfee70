import { type Config, ConfigurationError } from '@veche/config';
import { openEmbeddedPostgres } from '@veche/embedded-postgres';
import { join } from 'node:path';

export interface Databases {
  readonly auth: string;
  readonly chat: string;
  /** How many sessions chat's has, where that is known. */
  readonly chatSessions?: number | undefined;
  close(): Promise<void>;
}

/**
 * The databases that are configured, or the embedded one where none is.
 * @throws ConfigurationError where only one of the two is: half of the data would be in another place than meant
 */
export const openDatabases = async (config: Config): Promise<Databases> => {
  const { AUTH_DATABASE_URL: auth, CHAT_DATABASE_URL: chat } = config;
  if (auth && chat) return { auth, chat, close: async () => undefined };
  const [set, missing] = auth ? ['AUTH', 'CHAT'] : ['CHAT', 'AUTH'];
  if (auth || chat)
    throw new ConfigurationError([
      `${missing}_DATABASE_URL must be set where ${set}_DATABASE_URL is, or DATABASE_URL for both`,
    ]);
  const embedded = await openEmbeddedPostgres({ folder: join(config.DATA_DIR, 'postgres') });
  return { auth: embedded.url, chat: embedded.url, chatSessions: 1, close: () => embedded.close() };
};
