import { Logger } from '@nestjs/common';
import type { Config } from '@veche/config';
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
} from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What access tokens are signed with: a key pair whose public half is published, or a secret that services share. */
export type SigningKey =
  | {
      readonly algorithm: 'RS256' | 'ES256';
      readonly privateKey: KeyObject;
      readonly kid: string;
      /** A JSON Web Key Set with the public half. */
      readonly jwks: string;
    }
  | { readonly algorithm: 'HS256'; readonly secret: string };

/**
 * The key of this installation: the file JWT_PRIVATE_KEY_FILE; or the secret JWT_SECRET; or, where neither is set,
 * a key of our own under DATA_DIR, which is made when it is not there.
 * @throws Error that names the variable when the file cannot be used
 */
export const openSigningKey = async (config: Config): Promise<SigningKey> => {
  if (config.JWT_PRIVATE_KEY_FILE) return readKey(config.JWT_PRIVATE_KEY_FILE);
  if (config.JWT_SECRET) return { algorithm: 'HS256', secret: config.JWT_SECRET };
  const path = join(config.DATA_DIR, 'secrets', 'private.pem');
  await makeIfAbsent(path);
  return readKey(path);
};

const readKey = async (path: string): Promise<SigningKey> => {
  const unusable = (why: string): Error => new Error(`JWT_PRIVATE_KEY_FILE: ${path} ${why}`);
  const pem = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw unusable(`cannot be read (${error.code ?? 'unknown'})`);
  });
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    throw unusable('is no private key in PEM');
  }
  const { modulusLength = 0, namedCurve } = key.asymmetricKeyDetails ?? {};
  const rsa = key.asymmetricKeyType === 'rsa' && modulusLength >= 2048;
  if (!rsa && namedCurve !== 'prime256v1') throw unusable('is neither RSA of 2048 bits or more nor EC P-256');

  const algorithm = rsa ? 'RS256' : 'ES256';
  const { kty, ...parts } = createPublicKey(key).export({ format: 'jwk' });
  const kid = thumbprint({ kty, ...parts });
  return {
    algorithm,
    privateKey: key,
    kid,
    jwks: JSON.stringify({ keys: [{ kty, ...parts, kid, alg: algorithm, use: 'sig' }] }),
  };
};

/** RFC 7638: the SHA-256 of the required members in the order of their names. */
export const thumbprint = (jwk: Record<string, unknown>): string => {
  const required = Object.entries(jwk).filter(([name]) => ['crv', 'e', 'kty', 'n', 'x', 'y'].includes(name));
  const canonical = JSON.stringify(Object.fromEntries(required.sort(([a], [b]) => (a < b ? -1 : 1))));
  return createHash('sha256').update(canonical).digest('base64url');
};

/**
 * Written aside and linked into place: the file is there completely or not at all, and of several processes that
 * start at once one makes the key and all read it.
 */
const makeIfAbsent = async (path: string): Promise<void> => {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const aside = `${path}.${randomUUID()}`;
  try {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const file = await open(aside, 'wx', 0o600);
    try {
      await file.writeFile(privateKey.export({ type: 'pkcs8', format: 'pem' }));
      await file.sync();
    } finally {
      await file.close();
    }
    await link(aside, path);
    new Logger('Keys').log(`made a new key for access tokens: ${path}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(aside, { force: true });
  }
};
