import {
  type HTMLAttributes,
  type MouseEvent,
  type PointerEvent,
  type RefObject,
  useEffect,
  useRef,
  useState,
} from 'react';
import type { Box } from './kinds';
import { CLOSER, type Look, panned, type Place, swiped, WHOLE, zoomed } from './zoom';

interface Looking {
  /** What the picture is shown in, and the picture. */
  stage: RefObject<HTMLDivElement | null>;
  image: RefObject<HTMLDivElement | null>;
  /** What the stage must hear. */
  handlers: HTMLAttributes<HTMLElement>;
  look: Look;
  /** Makes it so many times as large, around its middle. */
  zoom: (by: number) => void;
  reset: () => void;
}

const WHEEL = 0.002;
const MIDDLE: Place = { x: 0, y: 0 };

const boxOf = (element: HTMLElement | null): Box => ({
  width: element?.offsetWidth ?? 0,
  height: element?.offsetHeight ?? 0,
});

/** Looks closer at a picture with a wheel, two fingers or two clicks, moves it, and leads on by a finger that swipes. */
export const useLooking = (lead: (to: 'previous' | 'next' | 'close') => void): Looking => {
  const stage = useRef<HTMLDivElement>(null);
  const image = useRef<HTMLDivElement>(null);
  const [look, setLook] = useState(WHOLE);
  /** As it is after the last event, which may not be drawn yet. */
  const now = useRef(WHOLE);
  /** Where each finger is, or the mouse while it is pressed. */
  const held = useRef(new Map<number, Place>());
  /** How far one finger has gone, as long as there was no other. */
  const gone = useRef<Place>(undefined);
  const set = (next: Look): void => {
    now.current = next;
    setLook(next);
  };
  const zoomAt = (by: number, at: Place): void =>
    set(zoomed(now.current, by, at, boxOf(image.current), boxOf(stage.current)));
  const placeOf = ({ clientX, clientY }: Pick<MouseEvent, 'clientX' | 'clientY'>): Place => {
    const { left = 0, top = 0, width = 0, height = 0 } = stage.current?.getBoundingClientRect() ?? {};
    return { x: clientX - left - width / 2, y: clientY - top - height / 2 };
  };

  const turn = useRef<(event: WheelEvent) => void>(undefined);
  useEffect(() => {
    turn.current = (event) => zoomAt(Math.exp(-event.deltaY * WHEEL), placeOf(event));
  });
  useEffect(() => {
    const element = stage.current;
    const wheel = (event: WheelEvent): void => {
      // the browser would make the whole page larger; what React listens with cannot keep it from that
      event.preventDefault();
      turn.current?.(event);
    };
    element?.addEventListener('wheel', wheel, { passive: false });
    return () => element?.removeEventListener('wheel', wheel);
  }, []);

  const release = (event: PointerEvent): void => {
    if (!held.current.delete(event.pointerId) || held.current.size > 0) return;
    const swipe = gone.current;
    gone.current = undefined;
    if (now.current.scale > 1) return;
    set(WHOLE);
    const to = swipe && event.type === 'pointerup' ? swiped(swipe) : undefined;
    if (to) lead(to);
  };
  const handlers: HTMLAttributes<HTMLElement> = {
    onDoubleClick: (event) => {
      if (now.current.scale > 1) set(WHOLE);
      else zoomAt(CLOSER, placeOf(event));
    },
    onPointerDown: (event) => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      held.current.set(event.pointerId, placeOf(event));
      gone.current = held.current.size === 1 ? MIDDLE : undefined;
    },
    onPointerMove: (event) => {
      const from = held.current.get(event.pointerId);
      if (!from) return;
      const to = placeOf(event);
      const other = [...held.current].find(([pointer]) => pointer !== event.pointerId)?.[1];
      held.current.set(event.pointerId, to);
      const by = { x: to.x - from.x, y: to.y - from.y };
      if (other) {
        const distance = (a: Place): number => Math.hypot(a.x - other.x, a.y - other.y);
        if (distance(from) > 0)
          zoomAt(distance(to) / distance(from), { x: (to.x + other.x) / 2, y: (to.y + other.y) / 2 });
        return;
      }
      if (gone.current) gone.current = { x: gone.current.x + by.x, y: gone.current.y + by.y };
      const { scale, x, y } = now.current;
      if (scale > 1) set(panned(now.current, by, boxOf(image.current), boxOf(stage.current)));
      // a whole picture follows the finger, which may lead to another one
      else if (gone.current) set({ scale, x: x + by.x, y: y + by.y });
    },
    onPointerUp: release,
    onPointerCancel: release,
  };
  return {
    ...{ stage, image, handlers, look },
    zoom: (by) => zoomAt(by, MIDDLE),
    reset: () => set(WHOLE),
  };
};
