import { useRouter } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { isWindowOpen } from '../ui/window-open';

/** Does something by Escape, where nothing else is closed by it and it leads back to no search. */
export const useEscape = (act: () => void): void => {
  const router = useRouter();
  const newest = useRef(act);
  useEffect(() => {
    newest.current = act;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const { key, isComposing, altKey, ctrlKey, metaKey, shiftKey } = event;
      if (key !== 'Escape' || isComposing || altKey || ctrlKey || metaKey || shiftKey) return;
      // before it is closed
      if (isWindowOpen() || router.state.location.state.found) return;
      // whatever else it closes is asked first
      setTimeout(() => event.defaultPrevented || newest.current());
    };
    addEventListener('keydown', press, true);
    return () => removeEventListener('keydown', press, true);
  }, [router]);
};
