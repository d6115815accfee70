import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from './config';
import { ROOT } from './root';

/** Of this Veche. */
export const { version: VERSION } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  version: string;
};

/** Where a URL leads, without the name and the password in it. */
const placeOf = (url: string): string => {
  const { host, pathname } = new URL(url);
  return host + pathname.replace(/\/$/, '');
};

const databaseOf = (url: string | undefined): string =>
  url ? `PostgreSQL at ${placeOf(url)}` : 'the embedded database';

/** Where the cache is, and what replicas hear each other by. */
const memoryOf = ({ REDIS_URL, KAFKA_BROKERS, KAFKA_SASL_USERNAME: user }: Config): string => {
  const redis = REDIS_URL && `Redis at ${placeOf(REDIS_URL)}`;
  if (!KAFKA_BROKERS) return `cache and bus in ${redis ?? 'this process’s memory'}`;
  return `${redis ? `cache in ${redis}` : 'no cache'}, bus in Kafka at ${KAFKA_BROKERS.join()}${user ? ` as ${user}` : ''}`;
};

/**
 * What a process has found in its configuration, in one line for its log: a variable that was not read, or read from
 * another place than meant, shows here and nowhere else.
 * @param role what runs in the process
 */
export const runsOn = (role: 'auth' | 'chat' | 'gateway' | 'everything', config: Config): string => {
  const cacheAndBus = memoryOf(config);
  const [auth, chat] = [config.AUTH_DATABASE_URL, config.CHAT_DATABASE_URL].map(databaseOf);
  const parts = {
    auth: [auth, cacheAndBus],
    chat: [chat, cacheAndBus],
    everything: [auth === chat ? auth : `${auth} and ${chat}`, cacheAndBus],
    gateway: [`auth at ${config.AUTH_GRPC_URL}`, `chat at ${config.CHAT_GRPC_URL}`],
  }[role];
  return `Veche ${VERSION} (${role}) on Node ${process.versions.node}: ${parts.join(', ')}`;
};
