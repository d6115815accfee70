import type { BaseOptions } from '@platformatic/kafka';
import { type Config, tlsFilesOf } from '@veche/config';
import { subscribe } from 'node:diagnostics_channel';
import type { EventEmitter } from 'node:events';
import { isIP } from 'node:net';

// The client takes one error of a connection and leaves it; one that is cut while it is telling who we are has two, and
// the second would end the process.
subscribe('tracing:plt:kafka:connections:connects:start', (message) => {
  (message as { connection: EventEmitter }).connection.on('error', () => undefined);
});

/** Settings that say where Kafka is, and how it is reached. */
export type KafkaAccessSettings = Pick<
  Config,
  | 'KAFKA_TLS'
  | 'KAFKA_TLS_CA_FILE'
  | 'KAFKA_TLS_CERT_FILE'
  | 'KAFKA_TLS_KEY_FILE'
  | 'KAFKA_SASL_MECHANISM'
  | 'KAFKA_SASL_USERNAME'
  | 'KAFKA_SASL_PASSWORD'
>;

/** Where brokers are, and what they are shown. */
export type KafkaAccess = Pick<BaseOptions, 'bootstrapBrokers' | 'tls' | 'tlsServerName' | 'sasl'>;

/** @throws ConfigurationError that names the variable whose file is missing or wrong, or that lacks another */
export const kafkaAccessOf = (brokers: readonly string[], settings: KafkaAccessSettings): KafkaAccess => {
  const files = tlsFilesOf('KAFKA_TLS', settings);
  const {
    KAFKA_SASL_MECHANISM: mechanism,
    KAFKA_SASL_USERNAME: username,
    KAFKA_SASL_PASSWORD: password,
  } = settings;
  const isByTls = settings.KAFKA_TLS || files.ca !== undefined || files.cert !== undefined;
  return {
    bootstrapBrokers: [...brokers],
    // brokers behind one address are told apart by the name in the greeting, which an IP address cannot be
    ...(isByTls && { tls: { ...files }, tlsServerName: !brokers.some((at) => isIP(hostOf(at))) }),
    ...(mechanism && username && password && { sasl: { mechanism, username, password } }),
  };
};

const hostOf = (broker: string): string => broker.slice(0, broker.lastIndexOf(':'));

/** Why there is no connection, or something does not work: the client says so in the innermost of its errors. */
export const reasonOf = (error: unknown): string => {
  const { cause, errors, code, reason, message } = error as Error &
    Partial<Record<'code' | 'reason', string>> & {
      errors?: unknown[];
    };
  const within = errors?.[0] ?? cause;
  if (within) return reasonOf(within);
  // OpenSSL's message is its own place in its source
  return code?.startsWith('ERR_SSL_') && reason ? reason : message;
};
