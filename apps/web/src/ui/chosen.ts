import { type RefObject, useEffect, useRef } from 'react';

/**
 * What is chosen in a menu is done when that is gone and its button has the focus again: a window that it opens gives the
 * focus back to that button, and not to an item that is no more.
 * @param place what the button is in
 * @returns takes what was chosen
 */
export const useChosen = (
  isOpen: boolean,
  place: RefObject<HTMLElement | null>,
): ((action: () => void) => void) => {
  const chosen = useRef<() => void>(undefined);
  useEffect(() => {
    const action = chosen.current;
    if (isOpen || !action) return;
    chosen.current = undefined;
    place.current?.querySelector('button')?.focus();
    action();
  }, [isOpen, place]);
  return (action) => (chosen.current = action);
};
