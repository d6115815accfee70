import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONFIG_FOLDER } from './environment';

/** Where somebody is signed in, and what proves it. */
export interface Account {
  readonly server: string;
  readonly refreshToken: string;
}

const FILE = join(CONFIG_FOLDER, 'account.json');

/** The account of this machine's user; undefined where nobody is signed in. */
export const readAccount = (): Account | undefined => {
  try {
    return JSON.parse(readFileSync(FILE, 'utf8')) as Account;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
};

/** Readable by its owner alone, and whole at every moment: another `veche` may be reading it. */
export const writeAccount = (account: Account): void => {
  mkdirSync(CONFIG_FOLDER, { recursive: true, mode: 0o700 });
  const fresh = `${FILE}.${process.pid}`;
  writeFileSync(fresh, JSON.stringify(account), { mode: 0o600 });
  renameSync(fresh, FILE);
};

export const forgetAccount = (): void => rmSync(FILE, { force: true });
