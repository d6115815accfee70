import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { Config } from './config';
import { ConfigurationError } from './configuration-error';
import { misspelt } from './misspelt';

/** A configuration in which these variables are set. */
type Loaded<K extends keyof Config> = Config & { [P in K]-?: NonNullable<Config[P]> };

/**
 * Reads the environment, and a `.env` file beneath it, once.
 * @param required variables that this process cannot do without
 * @throws ConfigurationError that names each bad or missing variable, and never shows a value
 */
export const loadConfig = <K extends keyof Config = never>(required: readonly K[] = []): Loaded<K> => {
  const file = existsSync('.env') ? parseEnv(readFileSync('.env', 'utf8')) : {};
  // eslint-disable-next-line no-restricted-properties -- the one place that reads it
  const environment: Record<string, string | undefined> = { ...file, ...process.env };
  const names = [...(Object.keys(new Config()) as (keyof Config)[]), ...OPTIONAL];
  const set = Object.keys(environment).filter((n) => environment[n]);
  const given = Object.fromEntries(names.filter((n) => environment[n]).map((n) => [n, environment[n]]));
  const config = plainToInstance(Config, given, { exposeDefaultValues: true });
  config.AUTH_DATABASE_URL ??= config.DATABASE_URL;
  config.CHAT_DATABASE_URL ??= config.DATABASE_URL;
  const wrong = validateSync(config).flatMap((e) => Object.values(e.constraints ?? {}));
  const needed = new Set<keyof Config>(required);
  // by it processes know in Redis what they themselves have written there
  if (config.REDIS_URL !== undefined) needed.add('SERVICE_TOKEN');
  const missing = [...needed].filter((n) => config[n] === undefined).map((n) => `${n} must be set`);
  const reasons = [...missing, ...wrong, ...misspelt(set, names)];
  if (reasons.length > 0) throw new ConfigurationError(reasons);
  return config as Loaded<K>;
};

/** Variables without a default, which an instance of the class does not show. */
export const OPTIONAL: readonly (keyof Config)[] = [
  'DATABASE_URL',
  'AUTH_DATABASE_URL',
  'CHAT_DATABASE_URL',
  'REDIS_URL',
  'GRPC_URL',
  'SERVICE_TOKEN',
  'JWT_PRIVATE_KEY_FILE',
  'JWT_SECRET',
  'METRICS_PORT',
];
