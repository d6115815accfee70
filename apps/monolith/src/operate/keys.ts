import type { Config } from '@veche/config';
import { accepted, acceptedUntil, signing } from '../../../auth/src/keys/key.rules';
import { changeKeyFile, keyFileOf, readKeyFile, writeKeyFile } from '../../../auth/src/keys/key-file';
import { makeKey, type SigningKey } from '../../../auth/src/keys/signing-key';

/**
 * How long a new key is published before it signs: whoever verifies tokens elsewhere may keep the published keys for five
 * minutes, and a file that is handed out to several machines takes its time.
 */
const PUBLISHED_FIRST_S = 600;

export interface Rotation {
  /** Seconds until the new key signs. */
  readonly in?: number;
  /** Whether tokens of the keys there are stop counting, and the new one signs at once. */
  readonly dropOld?: boolean;
  /** The file for the keys, where the one that is read shall be left alone. */
  readonly to?: string;
}

/** Says of each key what it does. */
export const listKeys = async (config: Config, say: (line: string) => void): Promise<void> => {
  describeAll(await readKeyFile(pathOf(config)), config, say);
};

/**
 * Adds a key that takes over signing after a while, and takes away those whose last tokens have expired. Servers that run
 * take it from the file by themselves.
 */
export const rotateKeys = async (
  config: Config,
  rotation: Rotation,
  say: (line: string) => void,
): Promise<void> => {
  const path = pathOf(config);
  let now: readonly SigningKey[] = [];
  const change = (keys: readonly SigningKey[]): readonly SigningKey[] =>
    (now = rotated(keys, config, rotation));
  if (rotation.to === undefined) await changeKeyFile(path, change);
  else await writeKeyFile(rotation.to, change(await readKeyFile(path)));
  describeAll(now, config, say);
  say(
    rotation.to === undefined
      ? `Every process that reads ${path} has it within seconds.`
      : `Put ${rotation.to} where every replica of auth reads ${path}; they take it from there by themselves.`,
  );
  if (rotation.dropOld) say('Who talks over a connection of before renews it within two minutes.');
};

const rotated = (
  keys: readonly SigningKey[],
  config: Config,
  { in: seconds = PUBLISHED_FIRST_S, dropOld = false }: Rotation,
): readonly SigningKey[] => {
  const now = Date.now();
  const current = signing(keys, now);
  if (dropOld) return [makeKey(now, current)];
  const next = keys.find(({ signsFrom }) => signsFrom > now);
  if (next)
    throw new Error(
      `The key ${next.kid} takes over at ${at(next.signsFrom)} already: rotate again after that, or use --drop-old.`,
    );
  return [makeKey(now + seconds * 1000, current), ...accepted(keys, now, config.ACCESS_TOKEN_TTL * 1000)];
};

const pathOf = (config: Config): string => {
  const path = keyFileOf(config);
  if (path !== undefined) return path;
  throw new Error(
    'Tokens are signed with JWT_SECRET, which every process is given: change it everywhere and restart. ' +
      'Clients renew their tokens, and nobody is logged out.',
  );
};

const describeAll = (keys: readonly SigningKey[], config: Config, say: (line: string) => void): void => {
  const now = Date.now();
  const current = signing(keys, now);
  for (const key of keys) {
    const until = acceptedUntil(key, keys, config.ACCESS_TOKEN_TTL * 1000);
    say(`${key.kid}  ${key.algorithm}  ${stateOf(key, key === current, until, now)}`);
  }
};

const stateOf = ({ signsFrom }: SigningKey, signs: boolean, until: number, now: number): string => {
  const accepting = until === Infinity ? '' : `, its tokens are accepted until ${at(until)}`;
  if (signs) return `signs${accepting}`;
  if (signsFrom > now) return `published, signs from ${at(signsFrom)}`;
  if (until === Infinity) return 'signs no more, its tokens are accepted while it is in the file';
  return until > now ? `signs no more${accepting}` : 'not used any more';
};

const at = (ms: number): string => new Date(ms).toISOString();
