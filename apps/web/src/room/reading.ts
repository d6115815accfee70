import type { Room } from '@veche/client';
import { useCallback, useEffect, useRef, useSyncExternalStore } from 'react';

const subscribe = (listener: () => void): (() => void) => {
  const events = ['focus', 'blur'] as const;
  events.forEach((event) => addEventListener(event, listener));
  document.addEventListener('visibilitychange', listener);
  return () => {
    events.forEach((event) => removeEventListener(event, listener));
    document.removeEventListener('visibilitychange', listener);
  };
};

/** Whether somebody looks at this page. */
export const useIsLookedAt = (): boolean => useSyncExternalStore(subscribe, isLookedAt);

const isLookedAt = (): boolean => document.visibilityState === 'visible' && document.hasFocus();

/** What passes by sooner than this was not read, and what stands there before its size is known neither. */
const GLANCE_MS = 400;

/**
 * Moves the read marker to what was on the screen of somebody who looked at it. A marker that was put back, here or on
 * another device, stays there until the room is opened again.
 *
 * @returns `hold` is called before it is put back here; `readAll` reads everything, whatever was put back
 */
export const useReading = (room: Room, seq: number): { hold: () => void; readAll: () => void } => {
  const looked = useIsLookedAt();
  const isPutBack = useRef(false);
  useEffect(() => {
    let before = room.overview.get()?.readSeq ?? 0;
    return room.overview.subscribe(() => {
      const now = room.overview.get()?.readSeq ?? 0;
      if (now < before) isPutBack.current = true;
      before = now;
    });
  }, [room]);
  useEffect(() => {
    if (!looked || seq === 0) return undefined;
    const timer = setTimeout(() => isPutBack.current || room.markRead(seq), GLANCE_MS);
    return () => clearTimeout(timer);
  }, [room, looked, seq]);
  const hold = useCallback(() => {
    isPutBack.current = true;
  }, []);
  const readAll = useCallback(() => {
    isPutBack.current = false;
    room.markRead();
  }, [room]);
  return { hold, readAll };
};
