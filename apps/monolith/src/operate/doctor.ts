import { lookAtKafka } from '@veche/bus';
import { type Config, readConfig } from '@veche/config';
import { migrationsOf, openDatabase } from '@veche/database';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { access, constants, mkdir, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { createClient } from 'redis';
import { AUTH_DATABASE } from '../../../auth/src/auth.database';
import { CHAT_DATABASE } from '../../../chat/src/chat.database';
import { signing } from '../../../auth/src/keys/key.rules';
import { keyFileOf, readKeyFile } from '../../../auth/src/keys/key-file';

const PATIENCE_MS = 5_000;
/** Beyond it, access tokens of one machine are not good yet, or not any more, on another. */
const MAX_CLOCK_SKEW_MS = 5_000;
/** A database that has less stops soon. */
const MIN_FREE_BYTES = 1024 ** 3;

/** Says in words how it is; throws where something has to be done. */
type Check = (config: Config) => Promise<string>;

const database =
  (name: 'auth' | 'chat'): Check =>
  async (config) => {
    const url = name === 'auth' ? config.AUTH_DATABASE_URL : config.CHAT_DATABASE_URL;
    if (!url) return 'the embedded database, in one process';
    const known = name === 'auth' ? AUTH_DATABASE : CHAT_DATABASE;
    const opened = await openDatabase({
      ...known,
      url,
      poolSize: 1,
      patienceMs: PATIENCE_MS,
      tables: 'leave',
    });
    try {
      const [row] = await opened.query<{ version: string; ms: number }>(
        "SELECT current_setting('server_version') AS version, extract(epoch FROM now())::float8 * 1000 AS ms",
      );
      const skew = Math.round(Math.abs(Date.now() - (row?.ms ?? 0)));
      if (skew > MAX_CLOCK_SKEW_MS)
        throw new Error(`its clock and this machine's are ${skew} ms apart: let both follow a time server`);
      const missing = (await migrationsOf(opened)).filter(({ applied }) => !applied).length;
      if (missing > 0 && !config.MIGRATE_ON_START)
        throw new Error(`${missing} migrations are missing: run veche migrate up`);
      return `PostgreSQL ${row?.version}, ${missing === 0 ? 'tables of this version' : `${missing} migrations will be applied by the next start`}`;
    } finally {
      await opened.source.destroy();
    }
  };

const redis: Check = async ({ REDIS_URL, KAFKA_BROKERS }) => {
  if (!REDIS_URL)
    return KAFKA_BROKERS
      ? 'not used: Kafka is the bus, and nothing is cached'
      : 'not used: cache and bus are in memory, which is right for one process of each service';
  const socket = { connectTimeout: PATIENCE_MS, reconnectStrategy: false as const };
  const client = createClient({ url: REDIS_URL, socket });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.ping();
    return 'answers';
  } finally {
    await client.disconnect();
  }
};

const kafka: Check = async (config) => {
  if (!config.KAFKA_BROKERS) return 'not used';
  const { brokers, topics } = await lookAtKafka(config, PATIENCE_MS);
  const made = topics.length > 0 ? topics.join(', ') : 'its topics will be made by the first start';
  return `${brokers} ${brokers === 1 ? 'broker answers' : 'brokers answer'}; ${made}`;
};

const keys: Check = async (config) => {
  const path = keyFileOf(config);
  if (path === undefined) return 'tokens are signed with HS256';
  if (path !== config.JWT_PRIVATE_KEY_FILE && !existsSync(path))
    return `${path} will be made by the first start`;
  const found = await readKeyFile(path);
  const many = found.length === 1 ? '' : `, one of ${found.length} keys`;
  return `tokens are signed with ${signing(found, Date.now())?.algorithm}${many}`;
};

const disk: Check = async ({ DATA_DIR }) => {
  await mkdir(DATA_DIR, { recursive: true });
  await access(DATA_DIR, constants.W_OK);
  const { bavail, bsize } = await statfs(DATA_DIR);
  const free = `${Math.round((bavail * bsize) / 1024 ** 2)} MiB free at ${DATA_DIR}`;
  if (bavail * bsize < MIN_FREE_BYTES) throw new Error(`only ${free}`);
  return free;
};

const port: Check = async ({ HOST, PORT }) => {
  const server = createServer().listen(PORT, HOST);
  try {
    await once(server, 'listening');
    return `${HOST}:${PORT} is free`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    const answer = await fetch(`http://${HOST}:${PORT}/health/live`, {
      signal: AbortSignal.timeout(PATIENCE_MS),
    }).catch(() => undefined);
    if (answer?.ok) return `a server answers at ${HOST}:${PORT} already`;
    throw new Error(`${HOST}:${PORT} is taken by another program: set PORT`, { cause: error });
  } finally {
    server.close();
  }
};

const CHECKS: Readonly<Record<string, Check>> = {
  'database of auth': database('auth'),
  'database of chat': database('chat'),
  Redis: redis,
  Kafka: kafka,
  keys,
  disk,
  port,
};

/** Looks at everything that a start needs. @returns whether it would be well */
export const doctor = async (say: (line: string) => void): Promise<boolean> => {
  const { config, reasons } = readConfig();
  for (const reason of reasons) say(`bad   configuration: ${reason}`);
  if (reasons.length > 0) return false;
  say('good  configuration');
  let good = true;
  for (const [name, check] of Object.entries(CHECKS)) {
    try {
      say(`good  ${name}: ${await check(config)}`);
    } catch (error) {
      good = false;
      say(`bad   ${name}: ${(error as Error).message || String((error as NodeJS.ErrnoException).code)}`);
    }
  }
  return good;
};
