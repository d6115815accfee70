import { generateKeyPair, generateProof } from 'dpop';
import { done } from '../indexed-db';

/** A P-256 key pair for signatures, as WebCrypto has it. */
export type DeviceKey = CryptoKeyPair;

const DATABASE = 'veche device';
const KEYS = 'keys';
const SESSIONS = 'sessions';

/** Whether there is what a key needs: pages have it over HTTPS and from localhost alone. */
const hasKeys = (): boolean => (globalThis.crypto as Partial<Crypto> | undefined)?.subtle !== undefined;

/** A key that cannot be exported, for as long as this program runs; undefined where there are no keys. */
export const keyInMemory = async (): Promise<DeviceKey | undefined> =>
  hasKeys() ? generateKeyPair('ES256') : undefined;

/**
 * The key of this browser for this site, which no script can export; made when it is not there. Undefined where there
 * are no keys or nowhere to keep one.
 */
export const keyOfPage = async (): Promise<DeviceKey | undefined> => {
  if (!hasKeys()) return undefined;
  try {
    const database = await open();
    try {
      return (await kept(database)) ?? (await keep(database, await generateKeyPair('ES256')));
    } finally {
      database.close();
    }
  } catch {
    // a browser that forbids it: the session will be without a key
    return undefined;
  }
};

/** Proves to the server that this device asks (DPoP, RFC 9449). */
export const proofOf = (key: DeviceKey, uri: string, nonce: string | undefined): Promise<string> =>
  generateProof(key, uri, 'POST', nonce);

const open = (): Promise<IDBDatabase> => {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => void request.result.createObjectStore(KEYS);
  return done(request);
};

const kept = (database: IDBDatabase): Promise<DeviceKey | undefined> =>
  done(database.transaction(KEYS).objectStore(KEYS).get(SESSIONS) as IDBRequest<DeviceKey | undefined>);

/** Keeps a key, unless another tab has kept one meanwhile; then that one counts. */
const keep = async (database: IDBDatabase, key: DeviceKey): Promise<DeviceKey | undefined> => {
  const keys = database.transaction(KEYS, 'readwrite').objectStore(KEYS);
  const others = await done(keys.get(SESSIONS) as IDBRequest<DeviceKey | undefined>);
  if (others) return others;
  await done(keys.put(key, SESSIONS));
  return key;
};
