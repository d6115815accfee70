import type { Config } from '@veche/config';
import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Keys that the server has made for itself. One that is being written has the name of its key, and more. */
const NAME = /^[\w-]+\.[\w-]+$/;

const folderOf = (dataDir: string): string => join(dataDir, 'secrets');
const ifThere = (path: string): Promise<Buffer | undefined> =>
  readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });

/** Every key under DATA_DIR. Those that JWT_PRIVATE_KEY_FILE and JWT_SECRET name are kept by whoever set them. */
export const readSecrets = async ({ DATA_DIR }: Pick<Config, 'DATA_DIR'>): Promise<Map<string, Buffer>> => {
  const folder = folderOf(DATA_DIR);
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const secrets = new Map<string, Buffer>();
  for (const name of names.sort()) {
    const content = NAME.test(name) ? await ifThere(join(folder, name)) : undefined;
    if (content) secrets.set(name, content);
  }
  return secrets;
};

/** @throws Error where another key has a name already: whoever had a token by it would be signed out */
export const requireFitting = async (
  dataDir: string,
  secrets: ReadonlyMap<string, Buffer>,
): Promise<void> => {
  for (const [name, content] of secrets) {
    const path = join(folderOf(dataDir), name);
    const there = await ifThere(path);
    if (there && !there.equals(content)) throw new Error(`${path} is another key: move it away first`);
  }
};

/** Each there in whole or not at all, and nobody else can read it. */
export const keepSecrets = async (dataDir: string, secrets: ReadonlyMap<string, Buffer>): Promise<void> => {
  if (secrets.size === 0) return;
  await mkdir(folderOf(dataDir), { recursive: true, mode: 0o700 });
  for (const [name, content] of secrets) {
    const path = join(folderOf(dataDir), name);
    const aside = `${path}.${randomUUID()}`;
    const file = await open(aside, 'wx', 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
      await file.close();
      await link(aside, path);
    } catch (error) {
      // the same one: it was looked at before
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      await rm(aside, { force: true });
    }
  }
};
