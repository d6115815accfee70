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
const START_MS = 60_000;

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

/** @param given first: where it is and listens is the test's */
const settingsOf = (data: string, port: number, controllerPort: number, given: Settings): string =>
  Object.entries({
    ...given,
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
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

/** Whether it serves: it takes connections long before. The request is ApiVersions, version 0. */
const serves = (port: number): Promise<boolean> =>
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
export const startKafka = async (given: Settings = {}): Promise<TestKafka> => {
  const installed = bring();
  const [port, controllerPort] = [await freePort(), await freePort()];
  const folder = mkdtempSync(join(tmpdir(), 'veche-kafka-'));
  const [settings, log] = [join(folder, 'server.properties'), join(folder, 'log')];
  cpSync(join(installed, 'data'), join(folder, 'data'), { recursive: true });
  writeFileSync(settings, settingsOf(join(folder, 'data'), port, controllerPort, given));
  const memory = ['-Xms128m', '-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
  const args = [...memory, '-cp', join(installed, 'libs/*'), 'kafka.Kafka', settings];
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
    await Promise.race([eventually(() => serves(port), { within: START_MS }), ended]);
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
    broker: `127.0.0.1:${port}`,
    start,
    stop,
    freeze: () => void server?.kill('SIGSTOP'),
    thaw: () => void server?.kill('SIGCONT'),
    close,
  };
};
