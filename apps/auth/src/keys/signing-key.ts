import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import type { Dated } from './key.rules';

/** A key pair whose public half is published. */
export interface SigningKey extends Dated {
  readonly algorithm: 'RS256' | 'ES256';
  readonly privateKey: KeyObject;
  /** The thumbprint of its public half. */
  readonly kid: string;
  /** The public half as a JSON Web Key. */
  readonly jwk: Readonly<Record<string, unknown>>;
}

/** Stands before a key in its file, where tools that read PEM expect explanations (RFC 7468, 2). */
const SIGNS_FROM = 'Signs-From: ';
const KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*-----END [A-Z ]*PRIVATE KEY-----/;
const KEYS = new RegExp(`(?:^${SIGNS_FROM}(?<from>.*)\\s+)?(?<pem>${KEY.source})`, 'gm');

/**
 * The keys in a file of PEM, in their order, each once.
 * @throws Error that says what the file is or has that it should not
 */
export const parseKeys = (text: string): readonly SigningKey[] => {
  const keys = new Map<string, SigningKey>();
  for (const { groups = {} } of text.matchAll(KEYS)) {
    const key = parseKey(groups.pem ?? '', groups.from?.trim());
    if (!keys.has(key.kid)) keys.set(key.kid, key);
  }
  if (keys.size === 0) throw new Error('is no private key in PEM');
  return [...keys.values()];
};

export const formatKeys = (keys: readonly SigningKey[]): string =>
  keys
    .map(({ privateKey, signsFrom }) => {
      const from = signsFrom > 0 ? `${SIGNS_FROM}${new Date(signsFrom).toISOString()}\n` : '';
      return from + String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
    })
    .join('\n');

/** A new one. `like`: of the same kind; a P-256 pair where it is left out. */
export const makeKey = (signsFrom: number, like?: SigningKey): SigningKey =>
  describeKey(
    like?.algorithm === 'RS256'
      ? generateKeyPairSync('rsa', {
          modulusLength: like.privateKey.asymmetricKeyDetails?.modulusLength ?? 2048,
        }).privateKey
      : generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
    signsFrom,
  );

const parseKey = (pem: string, from: string | undefined): SigningKey => {
  const signsFrom = from === undefined ? 0 : Date.parse(from);
  if (Number.isNaN(signsFrom)) throw new Error('has a Signs-From that is no time');
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(pem);
  } catch {
    throw new Error('is no private key in PEM');
  }
  return describeKey(privateKey, signsFrom);
};

const describeKey = (privateKey: KeyObject, signsFrom: number): SigningKey => {
  const { modulusLength = 0, namedCurve } = privateKey.asymmetricKeyDetails ?? {};
  const rsa = privateKey.asymmetricKeyType === 'rsa' && modulusLength >= 2048;
  if (!rsa && namedCurve !== 'prime256v1')
    throw new Error('is neither RSA of 2048 bits or more nor EC P-256');
  const algorithm = rsa ? 'RS256' : 'ES256';
  const parts = createPublicKey(privateKey).export({ format: 'jwk' });
  const kid = thumbprint(parts);
  return { algorithm, privateKey, kid, signsFrom, jwk: { ...parts, kid, alg: algorithm, use: 'sig' } };
};

/** RFC 7638: the SHA-256 of the required members in the order of their names. */
export const thumbprint = (jwk: Readonly<Record<string, unknown>>): string => {
  const required = Object.entries(jwk).filter(([name]) => ['crv', 'e', 'kty', 'n', 'x', 'y'].includes(name));
  const canonical = JSON.stringify(Object.fromEntries(required.sort(([a], [b]) => (a < b ? -1 : 1))));
  return createHash('sha256').update(canonical).digest('base64url');
};
