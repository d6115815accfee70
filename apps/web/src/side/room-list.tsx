import { defaultRangeExtractor, type Range, useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import type { RoomOverview } from '@veche/client';
import {
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useCallback,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { useRooms } from '../chat/chat';
import { useMessages } from '../i18n/i18n';
import { FirstSteps } from '../shell/first-steps';
import { useIsNarrow } from '../shell/narrow';
import { Skeleton } from '../ui/skeleton';
import { RoomLink } from './room-link';
import style from './side.module.css';

/** The rooms of whoever is logged in. */
export const RoomList = (): ReactNode => {
  const { shell } = useMessages();
  const rooms = useRooms();
  const isNarrow = useIsNarrow();
  const scroller = useRef<HTMLElement>(null);
  return (
    <nav ref={scroller} className={style.rooms} aria-label={shell.rooms} aria-busy={!rooms.loaded}>
      {rooms.loaded ? (
        <RoomLinks rooms={rooms.items} scroller={scroller} />
      ) : (
        [72, 56, 64, 48].map((width) => (
          <div key={width} className={style.room}>
            <Skeleton width="2.25rem" height="2.25rem" />
            <Skeleton width={`${width}%`} height="1rem" />
          </div>
        ))
      )}
      {rooms.loaded &&
        rooms.items.length === 0 &&
        (isNarrow ? <FirstSteps /> : <p className={style.empty}>{shell.sideEmpty}</p>)}
    </nav>
  );
};

/** One line with letters of the usual size. */
const ROOM_PX = 56;

interface RoomLinksProps {
  rooms: readonly RoomOverview[];
  scroller: RefObject<HTMLElement | null>;
}

/** As many links as can be seen, and the one that has the focus. Arrow keys walk along all of them, as in any list. */
const RoomLinks = ({ rooms, scroller }: RoomLinksProps): ReactNode => {
  const [focused, setFocused] = useState<string>();
  const wanted = useRef<string>(undefined);
  const focusedAt = focused === undefined ? -1 : rooms.findIndex(({ id }) => id === focused);
  const virtualizer = useVirtualizer({
    count: rooms.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROOM_PX,
    getItemKey: useCallback((index: number) => rooms[index]?.id ?? index, [rooms]),
    rangeExtractor: useCallback(
      (range: Range) => {
        const shown = defaultRangeExtractor(range);
        return focusedAt < 0 || shown.includes(focusedAt)
          ? shown
          : [...shown, focusedAt].sort((a, b) => a - b);
      },
      [focusedAt],
    ),
    overscan: 8,
  });
  useStandingStill(rooms, virtualizer);

  useLayoutEffect(() => {
    if (wanted.current === undefined) return;
    const link = scroller.current?.querySelector<HTMLElement>(`[data-room="${wanted.current}"] a`);
    if (!link) return;
    wanted.current = undefined;
    link.focus({ preventScroll: true });
  });
  const walk = (event: KeyboardEvent): void => {
    const to = { ArrowDown: focusedAt + 1, ArrowUp: focusedAt - 1, Home: 0, End: rooms.length - 1 }[
      event.key
    ];
    const room = to === undefined ? undefined : rooms[to];
    if (to === undefined || !room || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    virtualizer.scrollToIndex(to, { align: 'auto' });
    wanted.current = room.id;
    setFocused(room.id);
  };
  return (
    <ul className={style.list} style={{ height: virtualizer.getTotalSize() }} onKeyDown={walk}>
      {virtualizer.getVirtualItems().map(({ key, index, start }) => {
        const room = rooms[index];
        return (
          room && (
            <li
              key={key}
              ref={virtualizer.measureElement}
              data-index={index}
              data-room={room.id}
              className={style.item}
              style={{ transform: `translateY(${start}px)` }}
              aria-setsize={rooms.length}
              aria-posinset={index + 1}
              onFocus={() => setFocused(room.id)}
              onBlur={({ relatedTarget }) => {
                if (!scroller.current?.contains(relatedTarget)) setFocused(undefined);
              }}
            >
              <RoomLink room={room} />
            </li>
          )
        );
      })}
    </ul>
  );
};

/** Rooms go to the top when something is said in them: for who has scrolled down, what is in sight stays there. */
const useStandingStill = (
  rooms: readonly RoomOverview[],
  virtualizer: Virtualizer<HTMLElement, Element>,
): void => {
  const before = useRef(rooms);
  useLayoutEffect(() => {
    const [was, { range, scrollElement }] = [before.current, virtualizer];
    before.current = rooms;
    if (was === rooms || !range || !scrollElement || scrollElement.scrollTop === 0) return;
    const moves = was
      .slice(range.startIndex, range.startIndex + 3)
      .map(({ id }, i) => rooms.findIndex((room) => room.id === id) - range.startIndex - i);
    // the room that has gone to the top is no measure for those that have stayed
    const move = moves.sort((a, b) => Math.abs(a) - Math.abs(b))[0] ?? 0;
    if (move !== 0) scrollElement.scrollTop += move * (virtualizer.measurementsCache[0]?.size ?? ROOM_PX);
  }, [rooms, virtualizer]);
};
