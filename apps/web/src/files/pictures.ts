import { api } from '../session/session';

/** So many that are not in sight are kept: who scrolls back sees them at once. */
const KEPT = 120;

interface Held {
  /** How many places show it. */
  users: number;
  url?: string;
  readonly stop: AbortController;
  readonly loaded: Promise<string>;
}

/** Smaller pictures that are shown, or were a moment ago; the one that was left last is the last. */
const held = new Map<string, Held>();

const begin = (id: string, size: 'small' | 'large'): Held => {
  const stop = new AbortController();
  const loaded = api.files.thumbnail(id, size, stop.signal).then((blob) => URL.createObjectURL(blob));
  return { users: 0, stop, loaded };
};

const drop = (key: string, { url, stop }: Held): void => {
  held.delete(key);
  stop.abort();
  if (url) URL.revokeObjectURL(url);
};

const dropOldest = (): void => {
  const unused = [...held].filter(([, { users }]) => users === 0);
  for (const [key, one] of unused.slice(0, -KEPT)) drop(key, one);
};

/** Where a smaller picture is at once, if it was shown a moment ago. */
export const knownPicture = (id: string, size: 'small' | 'large'): string | undefined =>
  held.get(`${id} ${size}`)?.url;

/**
 * Fetches a smaller picture, with the access token, which no element of a page can send. Its address is good until it is
 * left.
 * @returns what leaves it
 */
export const takePicture = (
  id: string,
  size: 'small' | 'large',
  shown: (url: string) => void,
): (() => void) => {
  const key = `${id} ${size}`;
  const one = held.get(key) ?? begin(id, size);
  held.set(key, one);
  one.users++;
  let isLeft = false;
  one.loaded.then(
    (url) => {
      // everything was forgotten meanwhile
      if (held.get(key) !== one) return URL.revokeObjectURL(url);
      one.url = url;
      if (!isLeft) shown(url);
    },
    () => {
      if (held.get(key) === one) held.delete(key);
    },
  );
  return () => {
    isLeft = true;
    one.users--;
    if (one.users > 0 || held.get(key) !== one) return;
    if (!one.url) return drop(key, one);
    held.delete(key);
    held.set(key, one);
    dropOldest();
  };
};

/** Whoever leaves this page takes theirs along. */
export const forgetPictures = (): void => {
  for (const [key, one] of held) drop(key, one);
};
