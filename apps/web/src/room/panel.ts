import { type RefObject, useEffect, useRef } from 'react';

/**
 * What opens beside what is said: it takes the keyboard, and gives it back to what had it when it goes. Escape closes it.
 * @param content what it shows: a line of it that goes must not take the keyboard with it
 */
export const usePanel = (
  onClose: () => void,
  ...content: readonly unknown[]
): RefObject<HTMLElement | null> => {
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    panel.current?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      if (document.activeElement === document.body) panel.current?.focus();
    });
    return () => cancelAnimationFrame(frame);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the caller says what it shows
  }, content);
  useEffect(() => {
    const escape = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      onClose();
    };
    addEventListener('keydown', escape);
    return () => removeEventListener('keydown', escape);
  }, [onClose]);
  return panel;
};
