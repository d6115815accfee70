import { useSyncExternalStore } from 'react';
import { kept } from '../device/kept';

const PREFIX = 'veche.draft.';
/** A draft is kept this long after the last key. */
const KEEP_MS = 400;

/** What was changed in this tab and is not kept yet. Nothing else is ever written: another tab may know better. */
const unsaved = new Map<string, string>();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setTimeout> | undefined;

const keyOf = (userId: string, roomId: string): string => `${PREFIX}${userId}.${roomId}`;

const tell = (): void => listeners.forEach((listener) => listener());

const save = (): void => {
  clearTimeout(timer);
  for (const [key, text] of unsaved) {
    if (text) kept.set(key, text);
    else kept.remove(key);
  }
  unsaved.clear();
};
addEventListener('pagehide', save);

/** What somebody has begun to write in a room: one draft for all tabs of this browser. */
const draftOf = (userId: string, roomId: string): string => {
  const key = keyOf(userId, roomId);
  return unsaved.get(key) ?? kept.get(key) ?? '';
};

export const changeDraft = (userId: string, roomId: string, text: string): void => {
  unsaved.set(keyOf(userId, roomId), text);
  clearTimeout(timer);
  timer = setTimeout(save, KEEP_MS);
  // what was sent is no draft in any tab
  if (!text) save();
  tell();
};

/** Drafts are nobody else's business: whoever leaves this browser takes theirs along. */
export const forgetDrafts = (userId: string): void => {
  const prefix = keyOf(userId, '');
  const isTheirs = (key: string): boolean => key.startsWith(prefix);
  for (const key of [...unsaved.keys()].filter(isTheirs)) unsaved.delete(key);
  for (const key of kept.keys().filter(isTheirs)) kept.remove(key);
  tell();
};

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  const stop = kept.subscribe(listener);
  return () => {
    listeners.delete(listener);
    stop();
  };
};

export const useDraft = (userId: string, roomId: string): string =>
  useSyncExternalStore(subscribe, () => draftOf(userId, roomId));
