import { Logger } from '@nestjs/common';
import type { Config } from '@veche/config';
import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { formatKeys, makeKey, parseKeys, type SigningKey } from './signing-key';

/** Where the keys are that tokens are signed with; undefined where a secret signs them, which services share. */
export const keyFileOf = ({ JWT_PRIVATE_KEY_FILE, JWT_SECRET, DATA_DIR }: Config): string | undefined =>
  JWT_PRIVATE_KEY_FILE ?? (JWT_SECRET ? undefined : join(DATA_DIR, 'secrets', 'private.pem'));

/**
 * Reads the keys of this installation; makes one where the file is our own and is not there.
 * @throws Error that names the variable when the file cannot be used
 */
export const openKeyFile = async (config: Config, path: string): Promise<readonly SigningKey[]> => {
  if (path !== config.JWT_PRIVATE_KEY_FILE) await makeIfAbsent(path);
  return readKeyFile(path);
};

/** @throws Error that names the variable when the file cannot be used */
export const readKeyFile = async (path: string): Promise<readonly SigningKey[]> => {
  const unusable = (why: string): Error => new Error(`JWT_PRIVATE_KEY_FILE: ${path} ${why}`);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw unusable(`cannot be read (${error.code ?? 'unknown'})`);
  });
  try {
    return parseKeys(text);
  } catch (error) {
    throw unusable((error as Error).message);
  }
};

/**
 * Puts other keys into the file at once, with the owner and the rights that it had. Whoever reads it meanwhile has all of
 * the old or all of the new.
 * @param change gets what is in the file: nobody else changes it meanwhile
 * @throws Error where somebody else does, or it cannot be written
 */
export const changeKeyFile = async (
  path: string,
  change: (keys: readonly SigningKey[]) => readonly SigningKey[],
): Promise<void> => {
  // a secret of Kubernetes is a link to a folder that cannot be written, and should stay one
  const at = await realpath(path);
  const aside = `${at}.new`;
  const file = await open(aside, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    throw new Error(
      error.code === 'EEXIST'
        ? `${aside} is there: somebody else is changing the keys. Remove it where nobody is.`
        : `${dirname(at)} cannot be written (${error.code ?? 'unknown'}): write the keys elsewhere with --to`,
    );
  });
  try {
    const { mode, uid, gid } = await stat(at);
    await file.writeFile(formatKeys(change(await readKeyFile(at))));
    await file.chmod(mode & 0o777);
    await file.chown(uid, gid);
    await file.sync();
    await file.close();
    await rename(aside, at);
  } finally {
    await file.close().catch(() => undefined);
    await rm(aside, { force: true });
  }
};

/** A new file that its owner alone can read. @throws Error where there is one already */
export const writeKeyFile = async (path: string, keys: readonly SigningKey[]): Promise<void> => {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(formatKeys(keys));
    await file.sync();
  } finally {
    await file.close();
  }
};

/**
 * Written aside and linked into place: the file is there completely or not at all, and of several processes that
 * start at once one makes the key and all read it.
 */
const makeIfAbsent = async (path: string): Promise<void> => {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const aside = `${path}.${randomUUID()}`;
  try {
    await writeKeyFile(aside, [makeKey(0)]);
    await link(aside, path);
    new Logger('Keys').log(`made a new key for access tokens: ${path}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(aside, { force: true });
  }
};
