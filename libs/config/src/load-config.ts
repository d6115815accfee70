import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { Config } from './config';
import { ConfigurationError } from './configuration-error';
import { type Given, givenSettings } from './sources';

/** A configuration in which these variables are set. */
type Loaded<K extends keyof Config> = Config & { [P in K]-?: NonNullable<Config[P]> };

/**
 * Reads the environment, a `.env` file beneath the process and the file of `CONFIG_FILE`, once.
 * @param required variables that this process cannot do without
 * @throws ConfigurationError that names each bad or missing variable, and never shows a value
 */
export const loadConfig = <K extends keyof Config = never>(required: readonly K[] = []): Loaded<K> => {
  const { config, reasons } = readConfig(required);
  if (reasons.length > 0) throw new ConfigurationError(reasons);
  return config as Loaded<K>;
};

/** What {@link loadConfig} reads, with where each setting was found and everything that is wrong. */
export const readConfig = (
  required: readonly (keyof Config)[] = [],
): { config: Config; given: ReadonlyMap<string, Given>; reasons: string[] } => {
  const names = [...(Object.keys(new Config()) as (keyof Config)[]), ...OPTIONAL];
  // eslint-disable-next-line no-restricted-properties -- the one place that reads it
  const { given, reasons } = givenSettings(process.env, names);
  const values = Object.fromEntries([...given].map(([name, { value }]) => [name, value]));
  const config = plainToInstance(Config, values, { exposeDefaultValues: true });
  config.AUTH_DATABASE_URL ??= config.DATABASE_URL;
  config.CHAT_DATABASE_URL ??= config.DATABASE_URL;
  const wrong = validateSync(config).flatMap((e) => Object.values(e.constraints ?? {}));
  const needed = new Set<keyof Config>(required);
  // by it processes know in Redis and Kafka what they themselves have written there
  if (config.REDIS_URL !== undefined || config.KAFKA_BROKERS !== undefined) needed.add('SERVICE_TOKEN');
  if (SASL.some((name) => config[name] !== undefined)) SASL.forEach((name) => needed.add(name));
  const missing = [...needed].filter((n) => config[n] === undefined).map((n) => `${n} must be set`);
  return { config, given, reasons: [...missing, ...wrong, ...reasons] };
};

/** One of them is nothing without the others. */
const SASL = ['KAFKA_SASL_MECHANISM', 'KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD'] as const;

/** Variables without a default, which an instance of the class does not show. */
export const OPTIONAL: readonly (keyof Config)[] = [
  'DATABASE_URL',
  'AUTH_DATABASE_URL',
  'CHAT_DATABASE_URL',
  'REDIS_URL',
  'KAFKA_BROKERS',
  'KAFKA_TLS_CA_FILE',
  'KAFKA_TLS_CERT_FILE',
  'KAFKA_TLS_KEY_FILE',
  ...SASL,
  'GRPC_URL',
  'SERVICE_TOKEN',
  'GRPC_TLS_CERT_FILE',
  'GRPC_TLS_KEY_FILE',
  'GRPC_TLS_CA_FILE',
  'GRPC_TLS_SERVER_NAME',
  'JWT_PRIVATE_KEY_FILE',
  'JWT_SECRET',
  'METRICS_PORT',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_SERVICE_NAME',
];
