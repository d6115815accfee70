import type { Room } from '@veche/client';
import { useEffect, useSyncExternalStore } from 'react';

const subscribe = (listener: () => void): (() => void) => {
  const events = ['focus', 'blur'] as const;
  events.forEach((event) => addEventListener(event, listener));
  document.addEventListener('visibilitychange', listener);
  return () => {
    events.forEach((event) => removeEventListener(event, listener));
    document.removeEventListener('visibilitychange', listener);
  };
};

const isLookedAt = (): boolean => document.visibilityState === 'visible' && document.hasFocus();

/** What passes by sooner than this was not read, and what stands there before its size is known neither. */
const GLANCE_MS = 400;

/** Moves the read marker to what was on the screen of somebody who looked at it. */
export const useReading = (room: Room, seq: number): void => {
  const looked = useSyncExternalStore(subscribe, isLookedAt);
  useEffect(() => {
    if (!looked || seq === 0) return undefined;
    const timer = setTimeout(() => room.markRead(seq), GLANCE_MS);
    return () => clearTimeout(timer);
  }, [room, looked, seq]);
};
