import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, cpSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually';
import { freePort } from './free-port';
import { redisUrl } from './test-redis';

const BRING = join(__dirname, '../../../scripts/kafka.mjs');
const START_MS = 120_000;

/**
 * `describe` for what needs a Kafka. It runs where everything has to, which TEST_REDIS_URL says of a machine: a
 * broker of its own is too much for every run of the tests elsewhere.
 */
export const describeWithKafka = (name: string, tests: () => void): void =>
  (redisUrl() !== undefined ? describe : describe.skip)(name, tests);

type Settings = Readonly<Record<string, string>>;

/** A broker that belongs to one test, and keeps its port and what it holds. */
export interface TestKafka {
  /** `host:port` */
  readonly broker: string;
  /** The same over TLS, by a user's password, and by a certificate; where that was asked for. */
  readonly secured: { readonly byPassword: string; readonly byCertificate: string };
  /** Kills it. What it held is there again after `start`. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Makes it silent without closing a connection, as a machine that was cut off. */
  freeze(): void;
  thaw(): void;
  close(): Promise<void>;
}

/** The folder of scripts/kafka.mjs. @throws Error that says why Kafka cannot be had */
const bring = (): string => {
  const brought = spawnSync(process.execPath, [BRING], { encoding: 'utf8' });
  if (brought.status !== 0)
    throw new Error(`Kafka cannot be had: ${brought.stderr || String(brought.error)}`);
  return brought.stdout.trim();
};

/** By whom a broker lets itself be reached over TLS, beside its open door. */
export interface Secured {
  /** Its key and its certificate, one after the other, in PEM. */
  readonly pem: string;
  /** Names and passwords. */
  readonly users: Settings;
  /** Whose certificates are believed, of clients that come by one; in PEM. */
  readonly clientCa: string;
}

const securedSettings = ({ pem, users, clientCa }: Secured, folder: string): Settings => {
  const file = (name: string, content: string): string => {
    const path = join(folder, name);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  };
  const keystore = file('broker.pem', pem);
  const password = 'listener.name.password';
  const certificate = 'listener.name.certificate';
  const known = Object.entries(users).map(([name, secret]) => ` user_${name}="${secret}"`);
  const login = 'org.apache.kafka.common.security';
  return {
    [`${password}.ssl.keystore.type`]: 'PEM',
    [`${password}.ssl.keystore.location`]: keystore,
    [`${password}.sasl.enabled.mechanisms`]: 'PLAIN,SCRAM-SHA-512',
    [`${password}.plain.sasl.jaas.config`]: `${login}.plain.PlainLoginModule required${known.join('')};`,
    [`${password}.scram-sha-512.sasl.jaas.config`]: `${login}.scram.ScramLoginModule required;`,
    [`${certificate}.ssl.keystore.type`]: 'PEM',
    [`${certificate}.ssl.keystore.location`]: keystore,
    [`${certificate}.ssl.truststore.type`]: 'PEM',
    [`${certificate}.ssl.truststore.location`]: file('clients.pem', clientCa),
    [`${certificate}.ssl.client.auth`]: 'required',
  };
};

/** Where a broker is reached. The first of all is the one by which it knows itself, `PLAINTEXT` by name. */
export interface KafkaDoor {
  readonly name: string;
  readonly protocol: 'PLAINTEXT' | 'SASL_SSL' | 'SSL';
  /** `host:port` */
  readonly at: string;
  /** Where whoever comes in here is told that the broker is, if that is elsewhere: at a proxy before it. */
  readonly advertised?: string;
}

const OPEN = 'PLAINTEXT';

/** @param given first: where it is and listens is the test's */
const settingsOf = (
  data: string,
  doors: readonly KafkaDoor[],
  controller: string,
  given: Settings,
): string => {
  const listeners = doors.map(({ name, at }) => `${name}://${at}`).join(',');
  const protocols = doors.map(({ name, protocol }) => `${name}:${protocol}`).join(',');
  return Object.entries({
    ...given,
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@${controller}`,
    'controller.listener.names': 'CONTROLLER',
    'advertised.listeners': doors.map(({ name, at, advertised = at }) => `${name}://${advertised}`).join(','),
    listeners: `${listeners},CONTROLLER://${controller}`,
    'listener.security.protocol.map': `${protocols},CONTROLLER:PLAINTEXT`,
    'log.dirs': data,
    'auto.create.topics.enable': false,
    'num.network.threads': 1,
    'num.io.threads': 2,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 1,
    'group.initial.rebalance.delay.ms': 0,
    // each broker of these tests dies by a kill
    'num.recovery.threads.per.data.dir': 2,
  })
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');
};

/**
 * Puts into a folder what a broker needs that is alone in its cluster.
 * @param doors where it is reached
 * @param controller where it reaches itself, `host:port`
 * @param given of its settings
 * @returns the arguments by which `java` starts it
 */
export const prepareKafka = (
  folder: string,
  doors: readonly KafkaDoor[],
  controller: string,
  given: Settings = {},
): string[] => {
  const installed = bring();
  const [settings, data] = [join(folder, 'server.properties'), join(folder, 'data')];
  cpSync(join(installed, 'data'), data, { recursive: true });
  writeFileSync(settings, settingsOf(data, doors, controller, given));
  const memory = ['-Xms128m', '-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
  return [...memory, '-cp', join(installed, 'libs/*'), 'kafka.Kafka', settings];
};

/** Whether a broker serves: it takes connections long before. The request is ApiVersions, version 0. */
export const kafkaServes = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const request = Buffer.from('0000000a00120000000000010000', 'hex');
    const socket = connect(port, '127.0.0.1', () => socket.write(request));
    const done = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('data', done(true)).once('error', done(false)).setTimeout(1_000, done(false));
  });

/**
 * Starts a real Apache Kafka, one node, on free ports and with data of its own.
 * @param given of its settings
 */
export const startKafka = async (given: Settings = {}, secured?: Secured): Promise<TestKafka> => {
  const at = async (): Promise<string> => `127.0.0.1:${await freePort()}`;
  const [broker, byPassword, byCertificate, controller] = [await at(), await at(), await at(), await at()];
  const doors: KafkaDoor[] = [{ name: OPEN, protocol: 'PLAINTEXT', at: broker }];
  if (secured)
    doors.push(
      { name: 'PASSWORD', protocol: 'SASL_SSL', at: byPassword },
      { name: 'CERTIFICATE', protocol: 'SSL', at: byCertificate },
    );
  const folder = mkdtempSync(join(tmpdir(), 'veche-kafka-'));
  const log = join(folder, 'log');
  const all = { ...given, ...(secured && securedSettings(secured, folder)) };
  const args = prepareKafka(folder, doors, controller, all);
  const port = Number(broker.split(':')[1]);
  let server: ChildProcess | undefined;
  const stop = async (): Promise<void> => {
    const stopping = server;
    server = undefined;
    if (stopping?.exitCode !== null || stopping.signalCode !== null) return;
    stopping.kill('SIGKILL');
    await once(stopping, 'exit');
  };
  const start = async (): Promise<void> => {
    const output = openSync(log, 'a');
    const starting = spawn('java', args, { stdio: ['ignore', output, output] });
    closeSync(output);
    server = starting;
    const ended = once(starting, 'exit').then(() => {
      throw new Error(`Kafka ended while starting: ${readFileSync(log, 'utf8')}`);
    });
    await Promise.race([eventually(() => kafkaServes(port), { within: START_MS }), ended]);
  };
  const close = async (): Promise<void> => {
    await stop();
    rmSync(folder, { recursive: true, force: true });
  };
  await start().catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return {
    broker,
    secured: { byPassword, byCertificate },
    start,
    stop,
    freeze: () => void server?.kill('SIGSTOP'),
    thaw: () => void server?.kill('SIGCONT'),
    close,
  };
};
