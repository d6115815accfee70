import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually';
import { freePort } from './free-port';

/** The Redis that was given for tests, if one was. It is shared: what must be alone in it takes {@link startRedis}. */
export const redisUrl = (): string | undefined => process.env.TEST_REDIS_URL || undefined;

const installed = (): boolean => spawnSync('redis-server', ['--version']).status === 0;

/**
 * `describe` for what needs a Redis of its own. Skipped where no `redis-server` is installed, unless
 * TEST_REDIS_URL says that this machine is one where everything has to run.
 */
export const describeWithRedis = (name: string, tests: () => void): void =>
  (installed() || redisUrl() !== undefined ? describe : describe.skip)(name, tests);

/** A `redis-server` that belongs to one test, and keeps its port. */
export interface TestRedis {
  readonly url: string;
  /** Kills it. What it held is there again after `start`. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Makes it silent without closing a connection, as a machine that was cut off. */
  freeze(): void;
  thaw(): void;
  close(): Promise<void>;
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.once('data', (reply) => {
      resolve(reply.toString().startsWith('+PONG'));
      socket.destroy();
    });
    socket.once('error', () => resolve(false));
    socket.setTimeout(1_000, () => socket.destroy(new Error('silent')));
  });

/** Starts the machine's `redis-server` on a free port. */
export const startRedis = async (): Promise<TestRedis> => {
  if (!installed()) throw new Error('redis-server is not installed');
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'veche-redis-'));
  let server: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const options = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder];
    server = spawn('redis-server', [...options, '--appendonly', 'yes', '--appendfsync', 'always'], {
      stdio: 'ignore',
    });
    await eventually(() => answers(port));
  };
  const stop = async (): Promise<void> => {
    const stopping = server;
    server = undefined;
    if (stopping?.exitCode !== null) return;
    stopping.kill('SIGKILL');
    await once(stopping, 'exit');
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    start,
    stop,
    freeze: () => void server?.kill('SIGSTOP'),
    thaw: () => void server?.kill('SIGCONT'),
    close: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
