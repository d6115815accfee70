import { Logger } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { isBeingCopied } from './folder-copy';
import { lockFolder } from './folder-lock';
import { upkeep } from './upkeep';
import type { WorkerInput, WorkerReady } from './worker';

export interface EmbeddedPostgresOptions {
  /** Where its files are; made when it is not there. */
  readonly folder: string;
  /** How long a client may leave a transaction open without a word, in milliseconds. */
  readonly idleInTransactionMs?: number;
  readonly upkeepEveryMs?: number;
  /** The compiled thread. */
  readonly worker?: string;
  /** What {@link createDataFolder} has made before, to be copied: that takes a tenth of the time. */
  readonly template?: string;
}

export interface EmbeddedPostgres {
  /** For any `pg` client of this process; it holds a password that exists only as long as this server runs. */
  readonly url: string;
  /** Parts with all clients, writes everything out, and gives the folder free. */
  close(): Promise<void>;
}

const CLOSE_MS = 8_000;

interface Running {
  readonly url: string;
  stop(): Promise<void>;
}

/** @throws Error, uncaught, should the thread end before it was asked to: nothing works without the database */
const run = async (worker: string, input: WorkerInput): Promise<Running> => {
  const thread = new Worker(worker, { workerData: input });
  const [ready] = (await Promise.race([
    once(thread, 'message'), // rejects with what the thread throws
    once(thread, 'exit').then(([code]) => {
      throw new Error(`the embedded database ended with code ${code} while it started`);
    }),
  ])) as [WorkerReady];
  const ended = once(thread, 'exit');
  const unexpected = (code: number): never => {
    throw new Error(`the embedded database ended with code ${code}`);
  };
  thread.once('exit', unexpected);
  const stop = async (): Promise<void> => {
    thread.off('exit', unexpected);
    thread.postMessage('close');
    const timer = setTimeout(() => void thread.terminate(), CLOSE_MS);
    await ended;
    clearTimeout(timer);
  };
  return { url: `postgres://postgres:${input.password}@127.0.0.1:${ready.port}/postgres`, stop };
};

const WORKER = join(__dirname, 'worker.js');

/** Makes a data folder with nothing in it. Takes seconds. */
export const createDataFolder = async (folder: string, worker = WORKER): Promise<void> => {
  await mkdir(folder, { mode: 0o700 });
  const server = await run(worker, {
    folder,
    password: randomBytes(24).toString('hex'),
    idleInTransactionMs: 1_000,
  });
  await server.stop();
};

/**
 * PostgreSQL inside of this process, in a thread of its own, for as many `pg` clients as are wanted.
 *
 * What was committed survives the process being killed; it does not survive the machine losing power, because
 * nothing waits for the disk. Transactions run one after the other. Session state (`SET`, advisory locks,
 * temporary tables) is shared by all clients.
 *
 * @throws Error when another server is using the folder, or what is in it cannot be opened
 */
export const openEmbeddedPostgres = async ({
  folder: given,
  idleInTransactionMs = 15_000,
  upkeepEveryMs = 60_000,
  worker = WORKER,
  template = join(__dirname, 'template'),
}: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> => {
  const folder = resolve(given);
  await mkdir(dirname(folder), { recursive: true, mode: 0o700 });
  const unlock = await lockFolder(folder);
  try {
    const input = { password: randomBytes(24).toString('hex'), idleInTransactionMs };
    if (!existsSync(join(folder, 'PG_VERSION'))) {
      // made beside and moved, so that a start which is interrupted leaves nothing half done
      const fresh = `${folder}.new`;
      await rm(fresh, { recursive: true, force: true });
      if (existsSync(template)) await cp(template, fresh, { recursive: true });
      else await createDataFolder(fresh, worker);
      await chmod(fresh, 0o700);
      await rename(fresh, folder);
    }
    const server = await run(worker, { ...input, folder });
    const log = new Logger('EmbeddedPostgres');
    let chore: Promise<void> | undefined;
    const timer = setInterval(() => {
      chore ??= upkeep(server.url, async () => !(await isBeingCopied(folder)))
        .catch((error: Error) => log.warn(`upkeep: ${error.message}`))
        .finally(() => (chore = undefined));
    }, upkeepEveryMs);
    return {
      url: server.url,
      close: async () => {
        clearInterval(timer);
        await chore;
        await server.stop();
        await unlock();
      },
    };
  } catch (error) {
    await unlock();
    throw error;
  }
};
