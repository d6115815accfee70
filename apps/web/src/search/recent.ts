import { useMemo, useSyncExternalStore } from 'react';
import { kept } from '../device/kept';

/** More than this nobody looks through: what was searched for is typed again as quickly. */
const MOST = 8;

const keyOf = (userId: string): string => `veche.searches.${userId}`;
const listeners = new Set<() => void>();

const read = (text: string | undefined): string[] => {
  try {
    const found: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(found) ? found.filter((one) => typeof one === 'string').slice(0, MOST) : [];
  } catch {
    return [];
  }
};

/** Keeps on this device what somebody has searched for and made use of, the latest first. */
export const rememberSearch = (userId: string, search: string): void => {
  const text = search.trim();
  if (!text) return;
  const others = read(kept.get(keyOf(userId))).filter((one) => one !== text);
  kept.set(keyOf(userId), JSON.stringify([text, ...others].slice(0, MOST)));
  listeners.forEach((tell) => tell());
};

/** What somebody has searched for goes with them, when they leave this browser. */
export const forgetSearches = (userId: string): void => {
  kept.remove(keyOf(userId));
  listeners.forEach((tell) => tell());
};

const subscribe = (tell: () => void): (() => void) => {
  listeners.add(tell);
  const stop = kept.subscribe(tell);
  return () => {
    listeners.delete(tell);
    stop();
  };
};

export const useRecentSearches = (userId: string): readonly string[] => {
  const text = useSyncExternalStore(subscribe, () => kept.get(keyOf(userId)));
  return useMemo(() => read(text), [text]);
};
