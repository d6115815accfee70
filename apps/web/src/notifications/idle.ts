import { useEffect } from 'react';
import { useChat } from '../chat/chat';

/** Nobody has touched anything for so long: they are away. */
const IDLE_MS = 5 * 60_000;
/** They look at another tab: for a moment that says nothing. */
const HIDDEN_MS = 60_000;
const TOUCHES = ['pointermove', 'pointerdown', 'keydown', 'wheel', 'visibilitychange'] as const;

/** Tells whether somebody sits before this page. */
export const useIdle = (): void => {
  const { setIdle } = useChat();
  useEffect(() => {
    let timer = 0;
    const touched = (): void => {
      clearTimeout(timer);
      if (!document.hidden) setIdle(false);
      timer = window.setTimeout(() => setIdle(true), document.hidden ? HIDDEN_MS : IDLE_MS);
    };
    touched();
    const options = { passive: true, capture: true };
    for (const touch of TOUCHES) document.addEventListener(touch, touched, options);
    return () => {
      clearTimeout(timer);
      for (const touch of TOUCHES) document.removeEventListener(touch, touched, options);
    };
  }, [setIdle]);
};
