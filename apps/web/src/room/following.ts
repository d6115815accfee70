import type { Virtualizer } from '@tanstack/react-virtual';
import { type HTMLAttributes, type UIEvent, useEffect, useLayoutEffect, useRef } from 'react';

/** As near to the end as this counts as being there for who comes down to it. */
export const NEAR_END_PX = 80;
/** What stands at the end may be off by a part of a pixel. */
const AT_END_PX = 1;

type Handlers = Pick<
  HTMLAttributes<HTMLElement>,
  'onScroll' | 'onWheel' | 'onTouchStart' | 'onTouchEnd' | 'onTouchCancel'
>;

/**
 * Who is at the end stays there, however much arrives before the next frame, until they go up themselves, by
 * however little: a trackpad moves a few pixels at a time, and who is taken back after each never gets away.
 *
 * @param isEnd whether the last line of the list is the last that there is, and nothing else moves the list.
 * @returns what the element that scrolls must hear.
 */
export const useFollowing = (
  virtualizer: Virtualizer<HTMLDivElement, Element>,
  isEnd: () => boolean,
): Handlers => {
  const follows = useRef(false);
  const isHeld = useRef(false);
  const lastTop = useRef(0);
  const lastHeight = useRef(0);

  useLayoutEffect(() => {
    if (!isEnd() || isHeld.current) return;
    if (!follows.current) follows.current = virtualizer.isAtEnd(AT_END_PX);
    else if (!virtualizer.isAtEnd(AT_END_PX)) virtualizer.scrollToEnd();
  });

  // what stands below the list grows while one writes, and a keyboard comes up from below
  const { scrollElement } = virtualizer;
  useEffect(() => {
    if (!scrollElement) return undefined;
    const observer = new ResizeObserver(() => {
      lastHeight.current = scrollElement.clientHeight;
      if (follows.current) virtualizer.scrollToEnd();
    });
    observer.observe(scrollElement);
    return () => observer.disconnect();
  }, [virtualizer, scrollElement]);

  const onScroll = ({ currentTarget: it }: UIEvent): void => {
    const below = it.scrollHeight - it.clientHeight - it.scrollTop;
    // a list that has become higher was moved down by the browser, and not by who reads it
    const isSame = it.clientHeight === lastHeight.current;
    if (isSame && it.scrollTop < lastTop.current) follows.current = below <= AT_END_PX;
    else if (below <= NEAR_END_PX) follows.current = true;
    lastTop.current = it.scrollTop;
  };
  const release = (): void => {
    isHeld.current = false;
  };
  return {
    onScroll,
    // told before the list has moved, which is up then, whatever else moved it in between
    onWheel: ({ deltaY }) => {
      if (deltaY >= 0) return;
      follows.current = false;
      lastTop.current = Infinity;
    },
    onTouchStart: () => {
      isHeld.current = true;
    },
    onTouchEnd: release,
    onTouchCancel: release,
  };
};
