import { createDataFolder, type EmbeddedPostgres, openEmbeddedPostgres } from '@veche/embedded-postgres';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lock } from 'proper-lockfile';

const ROOT = join(__dirname, '../../..');
const CACHE = join(ROOT, 'node_modules/.cache/veche');
/** The thread of the embedded database, as tests run it. */
export const embeddedWorker = join(ROOT, 'libs/testing/embedded-worker.cjs');

/** An initialised data folder, made once for each version of PGlite and of what we tell it: that takes seconds. */
export const embeddedTemplate = async (): Promise<string> => {
  const hash = createHash('sha256');
  for (const file of [
    'node_modules/@electric-sql/pglite/package.json',
    'libs/embedded-postgres/src/worker.ts',
  ])
    hash.update(await readFile(join(ROOT, file)));
  const folder = join(CACHE, `postgres-${hash.digest('hex').slice(0, 12)}`);
  if (existsSync(folder)) return folder;
  await mkdir(CACHE, { recursive: true });
  const release = await lock(CACHE, { retries: { retries: 400, minTimeout: 250, maxTimeout: 250 } });
  try {
    if (existsSync(folder)) return folder;
    const making = await mkdtemp(join(CACHE, 'making-'));
    await createDataFolder(join(making, 'postgres'), embeddedWorker);
    await rename(join(making, 'postgres'), folder);
    await rm(making, { recursive: true, force: true });
    return folder;
  } finally {
    await release();
  }
};

/** A new folder with an empty database in it, for `openEmbeddedPostgres`. */
export const embeddedFolder = async (): Promise<{ folder: string; remove: () => Promise<void> }> => {
  const parent = await mkdtemp(join(tmpdir(), 'veche-postgres-'));
  const folder = join(parent, 'postgres');
  await cp(await embeddedTemplate(), folder, { recursive: true });
  return { folder, remove: () => rm(parent, { recursive: true, force: true }) };
};

/** An embedded database of its own, with nothing in it. */
export const openEmptyEmbedded = async (): Promise<EmbeddedPostgres> => {
  const { folder, remove } = await embeddedFolder();
  const server = await openEmbeddedPostgres({ folder, worker: embeddedWorker });
  const close = async (): Promise<void> => {
    await server.close();
    await remove();
  };
  return { url: server.url, close };
};
