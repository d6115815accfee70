import type { DeviceKey } from '@veche/client';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONFIG_FOLDER } from './environment';

const FILE = join(CONFIG_FOLDER, 'device-key.json');
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' };

interface Kept {
  readonly privateKey: JsonWebKey;
  readonly publicKey: JsonWebKey;
}

/**
 * The key of this machine's user, which refresh tokens are bound to: a token that gets out of its file, by a log or a
 * backup of it alone, is worth nothing. Made when it is not there.
 */
export const deviceKey = async (): Promise<DeviceKey> => {
  const { privateKey, publicKey } = read() ?? (await make());
  const { subtle } = globalThis.crypto;
  return {
    privateKey: await subtle.importKey('jwk', privateKey, ALGORITHM, false, ['sign']),
    publicKey: await subtle.importKey('jwk', publicKey, ALGORITHM, true, ['verify']),
  };
};

const read = (): Kept | undefined => {
  try {
    return JSON.parse(readFileSync(FILE, 'utf8')) as Kept;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
};

/** Written aside and linked into place: of several `veche` that start at once one makes the key, and all use it. */
const make = async (): Promise<Kept> => {
  const { subtle } = globalThis.crypto;
  const { privateKey, publicKey } = await subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const made: Kept = {
    privateKey: await subtle.exportKey('jwk', privateKey),
    publicKey: await subtle.exportKey('jwk', publicKey),
  };
  mkdirSync(CONFIG_FOLDER, { recursive: true, mode: 0o700 });
  const aside = `${FILE}.${process.pid}`;
  writeFileSync(aside, JSON.stringify(made), { mode: 0o600 });
  try {
    linkSync(aside, FILE);
    return made;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return read() ?? made;
  } finally {
    rmSync(aside, { force: true });
  }
};
