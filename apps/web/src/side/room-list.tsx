import { useNavigate, useParams } from '@tanstack/react-router';
import { defaultRangeExtractor, type Range, useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import { isMuted, type RoomOverview } from '@veche/client';
import { CheckCheck, ChevronDown } from 'lucide-react';
import {
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  type RefObject,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { prefer, usePreferences } from '../appearance/preferences';
import { useProblemText } from '../app/problem';
import { useChat, useRooms } from '../chat/chat';
import { useMessages } from '../i18n/i18n';
import { useLongPress } from '../room/long-press';
import { FirstSteps } from '../shell/first-steps';
import { useIsNarrow } from '../shell/narrow';
import { IconButton } from '../ui/button';
import { Skeleton } from '../ui/skeleton';
import { toast } from '../ui/toast';
import { isWindowOpen } from '../ui/window-open';
import { RoomLink } from './room-link';
import { type SectionName, SECTIONS } from './section-names';
import { isWaiting, type Opened, type Row, rowsOf } from './sections';
import style from './side.module.css';
import { RoomActions } from './windows';

/** The rooms of whoever is logged in, section by section. */
export const RoomList = (): ReactNode => {
  const { shell } = useMessages();
  const rooms = useRooms();
  const isNarrow = useIsNarrow();
  const scroller = useRef<HTMLElement>(null);
  return (
    <nav ref={scroller} className={style.rooms} aria-label={shell.rooms} aria-busy={!rooms.loaded}>
      {rooms.loaded ? (
        <Rows rooms={rooms.items} scroller={scroller} />
      ) : (
        [72, 56, 64, 48].map((width) => (
          <div key={width} className={style.room}>
            <Skeleton width="1.25rem" height="1.25rem" />
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

/** A line with letters of the usual size, until it is measured. */
const ROW_PX = 34;

/** A mute ends by itself: the present time, anew whenever one does. */
const useNow = (rooms: readonly RoomOverview[]): number => {
  const [now, setNow] = useState(Date.now);
  const ends = rooms.flatMap(({ muted, mutedUntil }) => (muted && mutedUntil ? Date.parse(mutedUntil) : []));
  const next = Math.min(...ends.filter((end) => end > now), Infinity);
  useEffect(() => {
    if (next === Infinity) return;
    // a longer time than this no timer knows
    const timer = setTimeout(() => setNow(Date.now()), Math.min(next - Date.now(), 2 ** 31 - 1));
    return () => clearTimeout(timer);
  }, [next, now]);
  return now;
};

/** The open room, and whether it was unread when it was opened. */
const useOpened = (rooms: readonly RoomOverview[], now: number): Opened | undefined => {
  const id = useParams({ strict: false, select: ({ roomId }) => roomId });
  const [opened, setOpened] = useState<Opened>();
  const room = rooms.find((one) => one.id === id);
  if (opened?.id === room?.id) return opened;
  const next = room && { id: room.id, waited: isWaiting(room, now) };
  setOpened(next);
  return next;
};

interface RowsProps {
  rooms: readonly RoomOverview[];
  scroller: RefObject<HTMLElement | null>;
}

/** The room whose menu is open, and what that stands beside; on a touch screen it comes up from the lower edge. */
interface OpenMenu {
  readonly id: string;
  readonly beside: HTMLElement | undefined;
}

/** As many lines as can be seen, and the one that has the focus. Arrow keys walk along all rooms, as in any list. */
const Rows = ({ rooms, scroller }: RowsProps): ReactNode => {
  const { shell } = useMessages();
  const { folded } = usePreferences();
  const now = useNow(rooms);
  const opened = useOpened(rooms, now);
  const rows = useMemo(() => rowsOf(rooms, now, opened, folded), [rooms, now, opened, folded]);
  const [focused, setFocused] = useState<string>();
  const [pointed, setPointed] = useState<string>();
  const [menu, setMenu] = useState<OpenMenu>();
  const wanted = useRef<string>(undefined);
  const focusedAt = focused === undefined ? -1 : rows.findIndex(({ key }) => key === focused);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    getItemKey: useCallback((index: number) => rows[index]?.key ?? index, [rows]),
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
  useStandingStill(rows, virtualizer);
  useRoomKeys(rows, opened, now, (index) => virtualizer.scrollToIndex(index, { align: 'auto' }));

  useLayoutEffect(() => {
    if (wanted.current === undefined) return;
    const link = scroller.current?.querySelector<HTMLElement>(`[data-room="${wanted.current}"] a`);
    if (!link) return;
    wanted.current = undefined;
    link.focus({ preventScroll: true });
  });
  const walk = (event: KeyboardEvent<HTMLElement>): void => {
    const { key, altKey, ctrlKey, metaKey, shiftKey, target } = event;
    if (key === 'ContextMenu' || (key === 'F10' && shiftKey)) return openMenu(event, target);
    const places = rows.flatMap(({ room }, index) => (room ? index : []));
    const at = places.indexOf(focusedAt);
    const to = { ArrowDown: places[at + 1], ArrowUp: places[at - 1], Home: places[0], End: places.at(-1) }[
      key
    ];
    const room = to === undefined ? undefined : rows[to]?.room;
    if (to === undefined || !room || altKey || ctrlKey || metaKey) return;
    event.preventDefault();
    virtualizer.scrollToIndex(to, { align: 'auto' });
    wanted.current = room.id;
    setFocused(room.id);
  };
  const rowAround = (target: EventTarget): HTMLElement | null =>
    target instanceof Element ? target.closest<HTMLElement>('[data-room]') : null;
  const openMenu = (event: MouseEvent | KeyboardEvent, target: EventTarget): void => {
    const row = rowAround(target);
    if (!row?.dataset.room) return;
    event.preventDefault();
    setMenu({ id: row.dataset.room, beside: row });
  };
  const longPress = useLongPress((target) => {
    const id = rowAround(target)?.dataset.room;
    if (id !== undefined) setMenu({ id, beside: undefined });
  }, 'button');
  const items = virtualizer.getVirtualItems().flatMap((item) => {
    const row = rows[item.index];
    return row ? { ...item, row } : [];
  });
  const menuOf = menu && rooms.find(({ id }) => id === menu.id);
  return (
    <div
      className={style.list}
      style={{ height: virtualizer.getTotalSize() }}
      onKeyDown={walk}
      {...longPress}
      onContextMenu={(event) => {
        longPress.onContextMenu?.(event);
        if (!event.defaultPrevented) openMenu(event, event.target);
      }}
    >
      {SECTIONS.map((section) => {
        const mine = items.filter(({ row }) => row.section === section);
        const links = mine.filter(({ row }) => row.room);
        return (
          <div key={section} className={style.section}>
            {mine.map(
              ({ key, index, start, row }) =>
                !row.room && (
                  <div
                    key={key}
                    ref={virtualizer.measureElement}
                    data-index={index}
                    className={style.item}
                    style={{ transform: `translateY(${start}px)` }}
                  >
                    <Title section={section} count={row.of} isFolded={folded.includes(section)} />
                  </div>
                ),
            )}
            {links.length > 0 && (
              <ul aria-label={shell.sections[section]}>
                {links.map(
                  ({ key, index, start, row: { room, place, of } }) =>
                    room && (
                      <li
                        key={key}
                        ref={virtualizer.measureElement}
                        data-index={index}
                        data-room={room.id}
                        className={style.item}
                        style={{ transform: `translateY(${start}px)` }}
                        aria-setsize={of}
                        aria-posinset={place}
                        onFocus={() => setFocused(room.id)}
                        onBlur={({ relatedTarget }) => {
                          if (!scroller.current?.contains(relatedTarget)) setFocused(undefined);
                        }}
                        onPointerEnter={({ pointerType }) => pointerType !== 'touch' && setPointed(room.id)}
                        onPointerLeave={() => setPointed(undefined)}
                      >
                        <RoomLink
                          room={room}
                          isMuted={isMuted(room, now)}
                          isPointed={[focused, pointed, menu?.id].includes(room.id)}
                          onMenu={(beside) => setMenu({ id: room.id, beside })}
                        />
                      </li>
                    ),
                )}
              </ul>
            )}
          </div>
        );
      })}
      {menuOf && (
        <RoomActions
          key={menuOf.id}
          room={menuOf}
          isOpen={menuOf.id === opened?.id}
          beside={menu.beside}
          onClose={() => setMenu(undefined)}
        />
      )}
    </div>
  );
};

interface TitleProps {
  section: SectionName;
  count: number;
  isFolded: boolean;
}

const Title = ({ section, count, isFolded }: TitleProps): ReactNode => {
  const { shell } = useMessages();
  const text = useProblemText();
  const { markAllRead } = useChat();
  const { folded } = usePreferences();
  const turn = (): void =>
    prefer({ folded: isFolded ? folded.filter((name) => name !== section) : [...folded, section] });
  return (
    <div className={style.title}>
      <button type="button" className={style.fold} aria-expanded={!isFolded} onClick={turn}>
        <ChevronDown size={14} aria-hidden />
        {shell.sections[section]}
        {isFolded && <span className={style.count}>{count}</span>}
      </button>
      {section === 'unread' && (
        <IconButton
          label={shell.markAllRead}
          onPress={() => void markAllRead().catch((error: unknown) => toast(text(error)))}
        >
          <CheckCheck size={16} />
        </IconButton>
      )}
    </div>
  );
};

/** Alt and an arrow lead to the room before or after the open one, with Shift to one that waits to be read. */
const useRoomKeys = (
  rows: readonly Row[],
  opened: Opened | undefined,
  now: number,
  show: (index: number) => void,
): void => {
  const navigate = useNavigate();
  useEffect(() => {
    const press = (event: globalThis.KeyboardEvent): void => {
      const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (step === undefined || !event.altKey || event.ctrlKey || event.metaKey) return;
      if (isWindowOpen()) return;
      event.preventDefault();
      const isWanted = ({ room }: Row): boolean =>
        room !== undefined && (room.id === opened?.id || !event.shiftKey || isWaiting(room, now));
      const ways = rows.flatMap((row, index) => (isWanted(row) ? index : []));
      const at = ways.findIndex((index) => rows[index]?.key === opened?.id);
      const to = at < 0 ? ways.at(step < 0 ? -1 : 0) : ways.at((at + step + ways.length) % ways.length);
      const room = to === undefined ? undefined : rows[to]?.room;
      if (to === undefined || !room || room.id === opened?.id) return;
      show(to);
      void navigate({ to: '/rooms/$roomId', params: { roomId: room.id } });
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  });
};

/** Rooms go to the top when something is said in them: for who has scrolled down, what is in sight stays there. */
const useStandingStill = (rows: readonly Row[], virtualizer: Virtualizer<HTMLElement, Element>): void => {
  const before = useRef(rows);
  useLayoutEffect(() => {
    const [was, { range, scrollElement }] = [before.current, virtualizer];
    before.current = rows;
    if (was === rows || !range || !scrollElement || scrollElement.scrollTop === 0) return;
    const moves = was.slice(range.startIndex, range.startIndex + 3).flatMap(({ key }, i) => {
      const to = rows.findIndex((row) => row.key === key);
      // of one that has gone somewhere else altogether nothing follows
      return to < 0 ? [] : to - range.startIndex - i;
    });
    // the room that has gone to the top is no measure for those that have stayed
    const move = moves.sort((a, b) => Math.abs(a) - Math.abs(b))[0] ?? 0;
    if (move !== 0) scrollElement.scrollTop += move * (virtualizer.measurementsCache.at(-1)?.size ?? ROW_PX);
  }, [rows, virtualizer]);
};
