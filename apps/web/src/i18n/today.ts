import { startOfToday, startOfTomorrow } from 'date-fns';
import { useMemo, useSyncExternalStore } from 'react';

/** A machine that slept, or whose clock was set, is noticed within this time. */
const LOOK_MS = 60_000;

const watching = new Set<() => void>();
let timer: number | undefined;

const look = (): void => {
  clearTimeout(timer);
  for (const tell of watching) tell();
  timer = window.setTimeout(look, Math.min(LOOK_MS, startOfTomorrow().getTime() - Date.now()));
};

const subscribe = (tell: () => void): (() => void) => {
  watching.add(tell);
  if (watching.size === 1) {
    look();
    document.addEventListener('visibilitychange', look);
  }
  return () => {
    watching.delete(tell);
    if (watching.size > 0) return;
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', look);
  };
};

/** The beginning of the day that it is; whoever uses it knows midnight, however long the page stays open. */
export const useToday = (): Date => {
  const beginning = useSyncExternalStore(subscribe, () => startOfToday().getTime());
  return useMemo(() => new Date(beginning), [beginning]);
};
