import { useSyncExternalStore } from 'react';

const PREFIX = 'veche.draft.';
const listeners = new Set<() => void>();

const keyOf = (userId: string, roomId: string): string => `${PREFIX}${userId}.${roomId}`;

/** What somebody has begun to write in a room, on this device. */
export const draftOf = (userId: string, roomId: string): string =>
  localStorage.getItem(keyOf(userId, roomId)) ?? '';

export const keepDraft = (userId: string, roomId: string, text: string): void => {
  const key = keyOf(userId, roomId);
  try {
    if (text) localStorage.setItem(key, text);
    else localStorage.removeItem(key);
  } catch {
    // a full storage costs the draft its survival, and nothing else
  }
  listeners.forEach((tell) => tell());
};

/** Drafts are nobody else's business: whoever logs out takes theirs along. */
export const forgetDrafts = (userId: string): void => {
  for (const key of Object.keys(localStorage))
    if (key.startsWith(keyOf(userId, ''))) localStorage.removeItem(key);
};

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  addEventListener('storage', listener);
  return () => {
    listeners.delete(listener);
    removeEventListener('storage', listener);
  };
};

export const useDraft = (userId: string, roomId: string): string =>
  useSyncExternalStore(subscribe, () => draftOf(userId, roomId));
