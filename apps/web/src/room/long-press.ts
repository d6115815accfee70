import { type HTMLAttributes, type PointerEvent, useRef } from 'react';

/** As long as systems wait before they take a touch for a long one. */
const LONG_MS = 500;
/** A finger never lies quite still. */
const STILL_PX = 10;

type Handlers = Pick<
  HTMLAttributes<HTMLElement>,
  'onPointerDown' | 'onPointerMove' | 'onPointerUp' | 'onPointerCancel' | 'onContextMenu'
>;

/**
 * Hears of a finger that stays where it is. What has a meaning of its own there (a link, a button) keeps it, and a
 * mouse has the browser's menu.
 *
 * @param keeps what keeps it, as a selector
 * @returns what the element around everything that can be pressed must hear.
 */
export const useLongPress = (
  onLongPress: (target: Element) => void,
  keeps = 'a, button, input, textarea',
): Handlers => {
  const waiting = useRef<{ timer: number; x: number; y: number }>(undefined);
  const press = (target: Element): void => {
    // the click that follows when the finger is lifted would be on what has come up under it
    addEventListener('touchend', (event) => event.preventDefault(), {
      capture: true,
      once: true,
      passive: false,
    });
    onLongPress(target);
  };
  const give = (): void => {
    clearTimeout(waiting.current?.timer);
    waiting.current = undefined;
  };
  const isOurs = (target: EventTarget): target is Element =>
    target instanceof Element && !target.closest(keeps);
  return {
    onPointerDown: ({ pointerType, isPrimary, target, clientX: x, clientY: y }) => {
      give();
      if (pointerType !== 'touch' || !isPrimary || !isOurs(target)) return;
      const timer = window.setTimeout(() => {
        waiting.current = undefined;
        press(target);
      }, LONG_MS);
      waiting.current = { timer, x, y };
    },
    onPointerMove: ({ clientX, clientY }) => {
      const { x, y } = waiting.current ?? {};
      if (x !== undefined && y !== undefined && Math.hypot(clientX - x, clientY - y) > STILL_PX) give();
    },
    onPointerUp: give,
    onPointerCancel: give,
    // some systems have a menu of their own for it, which would stand above ours
    onContextMenu: (event) => {
      const { pointerType } = event.nativeEvent as unknown as Partial<PointerEvent>;
      if (pointerType !== 'touch' || !isOurs(event.target)) return;
      event.preventDefault();
      if (!waiting.current) return;
      give();
      press(event.target);
    },
  };
};
