import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { lock } from 'proper-lockfile';

/** A holder shows every second that it lives; one that has not for five is dead, wherever it ran. */
const BEAT_MS = 1_000;
const STALE_MS = 5_000;
const LOOK_MS = 200;

interface Holder {
  readonly host: string;
  readonly pid: number;
  readonly since: number;
}

const self = (): Holder => ({ host: hostname(), pid: process.pid, since: Date.now() });
const held = new Set<string>();

const readHolder = (note: string): Promise<Holder | undefined> =>
  readFile(note, 'utf8')
    .then((text) => JSON.parse(text) as Holder)
    .catch(() => undefined);

/** Whether a holder ran on this machine and is no more, so that nobody has to wait for its lock to grow old. */
const died = (holder: Holder | undefined): boolean => {
  if (holder?.host !== hostname()) return false;
  if (holder.pid === process.pid) return true; // a container's processes get the same numbers again
  try {
    process.kill(holder.pid, 0);
    return false;
  } catch (error) {
    return (error as { code?: string }).code === 'ESRCH';
  }
};

const beatOf = (lockFolder: string): Promise<number | undefined> =>
  stat(lockFolder).then(
    (s) => s.mtimeMs,
    () => undefined,
  );

/**
 * Keeps other servers from a folder, by `<folder>.lock`, for as long as this process lives. A lock whose holder
 * was killed on this machine does not count; one left on another machine counts for five seconds.
 * @returns what gives the folder free
 * @throws Error when another server holds it; later, uncaught, should another server have taken it
 */
export const lockFolder = async (folder: string): Promise<() => Promise<void>> => {
  const lockfilePath = `${folder}.lock`;
  const note = `${folder}.holder`;
  const refused = async (): Promise<Error> => {
    const by = await readHolder(note);
    const whom = by ? ` (process ${by.pid} on ${by.host})` : '';
    return new Error(`another server is using ${folder}${whom}: stop it, or set another DATA_DIR`);
  };
  if (held.has(folder)) throw await refused();

  const orphaned = died(await readHolder(note));
  if (orphaned) await rm(lockfilePath, { recursive: true, force: true });
  const firstBeat = await beatOf(lockfilePath);
  const until = Date.now() + STALE_MS + BEAT_MS;
  for (;;) {
    try {
      const release = await lock(folder, {
        lockfilePath,
        realpath: false,
        stale: STALE_MS,
        update: BEAT_MS,
        onCompromised: () => {
          throw new Error(`another server has taken ${folder}`);
        },
      });
      const own = JSON.stringify(self());
      await writeFile(note, own);
      if (orphaned) {
        // of several that found the same dead holder, the last stays
        await pause(LOOK_MS);
        if ((await readFile(note, 'utf8')) !== own) throw await refused();
      }
      held.add(folder);
      return async () => {
        held.delete(folder);
        await rm(note, { force: true });
        await release();
      };
    } catch (error) {
      if ((error as { code?: string }).code !== 'ELOCKED') throw error;
      if ((await beatOf(lockfilePath)) !== firstBeat || Date.now() > until) throw await refused();
      await pause(LOOK_MS);
    }
  }
};
