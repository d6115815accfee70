import { useSyncExternalStore } from 'react';

// as in shell.module.css
const narrow = matchMedia('(max-width: 48rem)');

const onWidth = (changed: () => void): (() => void) => {
  narrow.addEventListener('change', changed);
  return () => narrow.removeEventListener('change', changed);
};

/** Whether there is room for the list or for a page, and not for both. */
export const useIsNarrow = (): boolean => useSyncExternalStore(onWidth, () => narrow.matches);
