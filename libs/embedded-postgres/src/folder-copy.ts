import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { check, lock } from 'proper-lockfile';

/** Where the last checkpoint is written down: what a start reads first, and where it begins to read the log. */
const CONTROL = join('global', 'pg_control');
const LOG = 'pg_wal';
/** What belongs to the process that runs, and not to its data. */
const LEFT_OUT: ReadonlySet<string> = new Set(['postmaster.pid', 'postmaster.opts', 'pg_stat_tmp', CONTROL]);
const ATTEMPTS = 5;
/** One who copies shows every second that it lives; one that has not for five was killed. */
const LOCK = { realpath: false, stale: 5_000, update: 1_000 };

const lockOf = (folder: string): string => `${folder}.copy`;
const isMissing = (error: unknown): boolean => (error as { code?: string }).code === 'ENOENT';

/** Whether somebody copies the folder at this moment: a checkpoint would let what is copied grow old. */
export const isBeingCopied = (folder: string): Promise<boolean> => check(lockOf(folder), LOCK);

/**
 * Copies the data folder of a server, which may go on writing meanwhile, so that a server that is started on the copy
 * finds everything that was committed before the copy began, and nothing in parts.
 *
 * It is a crash that never happened: the file that names the last checkpoint is read first, the tables are copied
 * while they change, and the log last. A page that was copied in the middle of a change is in the log in whole since
 * that checkpoint (`full_page_writes`), and nothing reaches a table before it is in the log. So it holds as long as
 * there is no further checkpoint, of which a running server makes none while it is being copied; where one was made
 * all the same (it was stopped, say), the copy is begun anew.
 *
 * @param to is emptied first; it holds everything that people have said, and is readable for its owner alone
 * @throws Error where the folder is being copied already, or is no data folder
 */
export const copyDataFolder = async (folder: string, to: string, signal?: AbortSignal): Promise<void> => {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  const release = await lock(lockOf(folder), LOCK).catch((cause: Error & { code?: string }) => {
    if (cause.code !== 'ELOCKED') throw cause;
    throw new Error(`${folder} is being copied already`, { cause });
  });
  try {
    for (let attempt = 1; ; attempt++) {
      await rm(to, { recursive: true, force: true });
      const checkpoint = await readControl(folder);
      await copyInto(folder, to, '', signal);
      await mkdir(join(to, LOG), { recursive: true, mode: 0o700 });
      await copyInto(folder, to, LOG, signal);
      await writeFile(join(to, CONTROL), checkpoint, { mode: 0o600 });
      if (checkpoint.equals(await readControl(folder))) return;
      if (attempt === ATTEMPTS) throw new Error(`${folder} did not stand still between two checkpoints`);
    }
  } catch (error) {
    await rm(to, { recursive: true, force: true });
    throw error;
  } finally {
    await release();
  }
};

/** Read until two readings are the same: one may have been written in between. */
const readControl = async (folder: string): Promise<Buffer> => {
  const file = join(folder, CONTROL);
  for (let before = await readFile(file); ;) {
    const again = await readFile(file);
    if (again.equals(before)) return again;
    before = again;
  }
};

const copyInto = async (from: string, to: string, path: string, signal?: AbortSignal): Promise<void> => {
  await mkdir(join(to, path), { recursive: true, mode: 0o700 });
  // in the order of their names: of the log, so in the order in which it is written
  for (const entry of (await readdir(join(from, path), { withFileTypes: true })).sort((a, b) =>
    a.name < b.name ? -1 : 1,
  )) {
    signal?.throwIfAborted();
    const inner = join(path, entry.name);
    if (LEFT_OUT.has(inner) || inner === LOG) continue;
    try {
      if (entry.isDirectory()) await copyInto(from, to, inner, signal);
      // costs nothing where the file system can share what is the same
      else await copyFile(join(from, inner), join(to, inner), constants.COPYFILE_FICLONE);
    } catch (error) {
      // dropped meanwhile, and the log says so
      if (!isMissing(error) || (await stat(join(from, inner)).catch(() => undefined))) throw error;
    }
  }
};
