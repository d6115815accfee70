import {
  type Entry,
  isInRoom,
  type MessageCreated,
  type Room,
  type RoomOverview,
  type Timeline as TimelineData,
} from '@veche/client';
import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual';
import { useNavigate } from '@tanstack/react-router';
import { ArrowDown } from 'lucide-react';
import {
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  useCallback,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { Button } from 'react-aria-components/Button';
import { useProblemText } from '../app/problem';
import { useChat } from '../chat/chat';
import { useFormats, useMessages } from '../i18n/i18n';
import { useToday } from '../i18n/today';
import { useRoomName } from '../rooms/room-name';
import { useMe } from '../session/session';
import { Unread } from '../ui/badge';
import { Button as PlainButton } from '../ui/button';
import { Notice } from '../ui/notice';
import { Skeleton } from '../ui/skeleton';
import { useActing } from './acting';
import { EntryLine } from './entry';
import { EntryBoundary } from './entry-boundary';
import { useEscape } from './escape';
import { NEAR_END_PX, useFollowing } from './following';
import { isPending, type Line, lineOf, linesOf, type Said, seenUpTo } from './lines';
import { useNewFrom } from './new-line';
import type { About } from './composer';
import { useReading } from './reading';
import { useCopying, useSelecting } from './selecting';
import { useLineText } from './line-text';
import style from './timeline.module.css';
import entryStyle from './entry.module.css';

/** More history is fetched when this many lines are left above or below what can be seen. */
const LOAD_AHEAD = 40;
/** What stands above the first line, in pixels: it must be known before it is drawn. */
const TOP_PX = { loading: 72, start: 148 };
const LINE_PX = 44;
/** How long the list may take to get to where it was sent: it measures what it meets on the way. */
const ARRIVE_MS = 250;

interface TimelineProps {
  room: Room;
  overview: RoomOverview;
  timeline: TimelineData;
  /** The number of a message to begin at. */
  at: number | undefined;
  /** One wants to answer a message, or to change one's own. */
  onCompose: (about: About) => void;
  /** One wants to see a picture. */
  onView: (id: string) => void;
  /** One wants to see the thread that hangs on a message. */
  onThread: (seq: number) => void;
}

/** Where the reader was going to, until the list has got there. */
type Aim = { seq: number; align: 'start' | 'center' } | 'end';

/** Everything that was said in a room: as much of it in the page as can be seen. */
export const Timeline = ({
  room,
  overview,
  timeline,
  at,
  onCompose,
  onView,
  onThread,
}: TimelineProps): ReactNode => {
  const messages = useMessages();
  const me = useMe();
  const { person } = useChat();
  const scroller = useRef<HTMLDivElement>(null);
  const { entries, pending } = timeline;
  const isDirect = overview.kind === 'direct';
  const lines = useMemo(
    () => linesOf(entries, pending, isDirect, me.id),
    [entries, pending, isDirect, me.id],
  );
  const count = lines.length;
  const lineAt = useCallback((index: number): Line | undefined => lines[index], [lines]);
  // a new function makes the list count all of its lines anew
  const getItemKey = useCallback(
    (index: number) => keyOf(lineAt(index)?.said, index, me.id),
    [lineAt, me.id],
  );
  const newFrom = useNewFrom(room, overview, me.id);
  const firstNew = firstMessageAfter(entries, newFrom, me.id);

  const selecting = useSelecting(scroller);
  const heldAt = useMemo(() => {
    const held = new Set(selecting.held);
    const indexes = held.size > 0 ? Array.from({ length: count }, (_, index) => index) : [];
    return indexes.filter((index) => held.has(String(getItemKey(index))));
  }, [selecting.held, count, getItemKey]);

  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_PX,
    getItemKey,
    anchorTo: 'end',
    overscan: 20,
    rangeExtractor: useCallback(
      (range: Range) => [...new Set([...defaultRangeExtractor(range), ...heldAt])].sort((a, b) => a - b),
      [heldAt],
    ),
    paddingStart: timeline.reachedStart ? TOP_PX.start : TOP_PX.loading,
    paddingEnd: 12,
    // where one begins to read, a line or two of what was before are in sight
    scrollPaddingStart: 96,
  });
  const shown = virtualizer.getVirtualItems();
  const { range } = virtualizer;
  const atEnd = timeline.reachedEnd && virtualizer.isAtEnd(NEAR_END_PX);

  const aim = useRef<Aim | undefined>(undefined);
  /** The index of the line that shows an entry, or of the next; -1 where it is not loaded. */
  const indexOf = (seq: number): number => {
    const [oldest, newest] = [entries[0], entries.at(-1)];
    return oldest && newest && seq >= oldest.seq && seq <= newest.seq
      ? Math.min(lineOf(lines, seq), count - 1)
      : -1;
  };

  // where to begin: at the message that was asked for, at the first that is new, or at the end
  const [begun, setBegun] = useState<number | 'unread'>();
  const goal = at ?? 'unread';
  if (begun !== goal) setBegun(goal);
  // what is loaded while the list is on its way there would shift where it goes to
  const [arrived, setArrived] = useState(false);
  useLayoutEffect(() => {
    setArrived(false);
    const to = at ?? (overview.unread > 0 ? overview.readSeq + 1 : undefined);
    aim.current = to === undefined ? 'end' : { seq: to, align: at === undefined ? 'start' : 'center' };
    const known = room.timeline.get();
    const [oldest] = known.entries;
    const isThere =
      known.status === 'ready' && oldest && to !== undefined && to >= oldest.seq && to <= overview.lastSeq;
    if (to !== undefined && !isThere) void room.loadAround(to);
    else if (to === undefined && known.status === 'ready' && !known.reachedEnd) void room.loadLatest();
    // only a new goal moves the reader; what is read or arrives meanwhile does not
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [room, at]);

  useLayoutEffect(() => {
    const { current } = aim;
    if (!current || timeline.status !== 'ready' || count === 0) return;
    if (current === 'end') {
      if (!timeline.reachedEnd) return;
      virtualizer.scrollToEnd();
    } else {
      const index = indexOf(current.seq);
      if (index >= 0) virtualizer.scrollToIndex(index, { align: current.align });
      else if (!timeline.reachedEnd) return;
    }
    aim.current = undefined;
    setTimeout(() => setArrived(true), ARRIVE_MS);
  });

  const following = useFollowing(
    virtualizer,
    () => !aim.current && timeline.status === 'ready' && timeline.reachedEnd,
  );

  // history is there before the reader is
  useLayoutEffect(() => {
    if (timeline.status !== 'ready' || timeline.error) return;
    // where nothing that is loaded is shown, there is no place to be at
    if (count > 0 && (!range || aim.current || !arrived)) return;
    const { startIndex, endIndex } = range ?? { startIndex: 0, endIndex: 0 };
    if (startIndex < LOAD_AHEAD && !timeline.reachedStart) void room.loadOlder();
    if (endIndex > count - LOAD_AHEAD && !timeline.reachedEnd) void room.loadNewer();
  });

  const { hold, readAll } = useReading(
    room,
    range ? seenUpTo(lines, range.endIndex, entries.at(-1)?.seq ?? 0) : 0,
  );

  const toEnd = useCallback(() => {
    if (room.timeline.get().reachedEnd) return virtualizer.scrollToEnd();
    aim.current = 'end';
    void room.loadLatest();
  }, [room, virtualizer]);

  useEscape(() => {
    readAll();
    toEnd();
  });

  // what one sends is what one wants to see
  const sent = pending.length;
  const before = useRef(sent);
  useLayoutEffect(() => {
    if (sent > before.current) toEnd();
    before.current = sent;
  }, [sent, toEnd]);

  useCopying(scroller, count, useLineText(lineAt));

  const [current, setCurrent] = useState<number>();
  const walk = (event: KeyboardEvent<HTMLDivElement>): void => {
    // by the place of the key: a Russian keyboard has another letter there
    if (event.code === 'KeyA' && event.ctrlKey !== event.metaKey && !event.altKey && !event.shiftKey) {
      event.preventDefault();
      // by the time it is copied they have names, also those who were never in sight
      for (const { actorId } of entries) person(actorId);
      return selecting.select(getItemKey(0), getItemKey(count - 1));
    }
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (step === undefined && act(event)) return event.preventDefault();
    if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const to = (current ?? count) + step;
    if (!lineAt(to)) return;
    setCurrent(to);
    virtualizer.scrollToIndex(to, { align: 'auto' });
    requestAnimationFrame(() =>
      scroller.current?.querySelector<HTMLElement>(`[data-index="${to}"]`)?.focus({ preventScroll: true }),
    );
  };
  /** A mouse that goes away takes with it what can be done, unless the keyboard is there. A finger is always away. */
  const leave = ({ pointerType, currentTarget }: PointerEvent): void => {
    // what is chosen beside one of its buttons takes the mouse and the keyboard for a while
    if (chosenFor !== undefined) return;
    if (pointerType === 'mouse' && !currentTarget.contains(document.activeElement)) setCurrent(undefined);
  };

  const navigate = useNavigate();
  const onGo = useCallback(
    (seq: number) =>
      void navigate({ to: '/rooms/$roomId', params: { roomId: room.id }, search: { at: seq } }),
    [navigate, room],
  );
  const messageOf = (seq: number): MessageCreated | undefined => {
    const entry = entries[seq - (entries[0]?.seq ?? 1)];
    return entry?.type === 'message.created' ? entry : undefined;
  };
  const markUnread = useCallback(
    (seq: number) => {
      hold();
      return room.markUnread(seq);
    },
    [hold, room],
  );
  const { actions, onReact, onMenu, act, longPress, chosenFor, windows } = useActing({
    ...{ room, overview, messageOf, markUnread, onCompose, onThread },
  });
  const onRetry = useCallback((clientId: string) => room.retry(clientId), [room]);
  const onDiscard = useCallback((clientId: string) => room.discard(clientId), [room]);

  /** Whether a finger was the last that pointed at something: it hovers over nothing, and presses long instead. */
  const isTouched = useRef(false);
  const point = (index: number): void => {
    if (!isTouched.current) setCurrent(index);
  };
  const answeredBy = (said: Said): MessageCreated | undefined => {
    const to = isPending(said) || said.type === 'message.created' ? said.replyTo : undefined;
    return to === undefined ? undefined : messageOf(to);
  };
  if (timeline.status === 'failed' && entries.length === 0)
    return (
      <div className={style.ghosts}>
        <Lost timeline={timeline} onRetry={() => void room.loadOlder()} />
      </div>
    );
  if (timeline.status !== 'ready' && entries.length === 0) return <Ghosts />;
  return (
    <div className={style.frame}>
      <div
        ref={scroller}
        className={style.scroller}
        role="log"
        aria-live="off"
        aria-label={messages.room.log}
        aria-busy={timeline.loadingOlder || timeline.loadingNewer}
        tabIndex={0}
        onPointerDownCapture={({ pointerType }) => (isTouched.current = pointerType === 'touch')}
        onKeyDownCapture={() => (isTouched.current = false)}
        onKeyDown={walk}
        {...following}
        {...longPress}
        onPointerLeave={leave}
      >
        <div className={style.all} style={{ height: virtualizer.getTotalSize() }}>
          <Top room={overview} timeline={timeline} onRetry={() => void room.loadOlder()} />
          {shown.map(({ key, index, start }) => {
            const line = lineAt(index);
            if (!line) return null;
            const { said, joined, isNewDay, isFirst } = line;
            const seq = isPending(said) ? undefined : said.seq;
            return (
              <div
                key={key}
                ref={virtualizer.measureElement}
                data-index={index}
                data-seq={seq}
                data-key={key}
                className={entryStyle.row}
                style={{ transform: `translateY(${start}px)` }}
                tabIndex={-1}
                onFocus={() => point(index)}
                onPointerEnter={({ pointerType }) => pointerType !== 'touch' && setCurrent(index)}
                onClick={() => point(index)}
              >
                <EntryBoundary line={said}>
                  <EntryLine
                    said={said}
                    joined={joined}
                    isNewDay={isNewDay}
                    isFirst={isFirst}
                    me={me.id}
                    answered={answeredBy(said)}
                    isNew={seq !== undefined && seq === firstNew}
                    isTarget={seq !== undefined && seq === at}
                    isLast={index === count - 1}
                    isCurrent={index === current || (seq !== undefined && seq === chosenFor)}
                    actions={actions}
                    onMenu={onMenu}
                    onReact={onReact}
                    onGo={onGo}
                    onView={onView}
                    onRetry={onRetry}
                    onDiscard={onDiscard}
                  />
                </EntryBoundary>
              </div>
            );
          })}
        </div>
      </div>
      {windows}
      {!atEnd &&
        count > 0 &&
        (timeline.error ? (
          <div className={style.lost}>
            <Lost timeline={timeline} onRetry={() => void room.loadNewer()} />
          </div>
        ) : (
          <Latest overview={overview} onPress={toEnd} />
        ))}
    </div>
  );
};

/** One's own message stays the same line when it is committed. */
const keyOf = (line: Said | undefined, index: number, me: string): string | number => {
  if (!line) return index;
  if (isPending(line)) return line.clientId;
  return line.type === 'message.created' && line.actorId === me ? line.clientId || line.seq : line.seq;
};

const firstMessageAfter = (
  entries: readonly Entry[],
  seq: number | undefined,
  me: string,
): number | undefined => {
  const [oldest] = entries;
  if (seq === undefined || !oldest) return undefined;
  for (let i = Math.max(0, seq + 1 - oldest.seq); i < entries.length; i++) {
    const entry = entries[i];
    if (entry?.type === 'message.created' && entry.actorId !== me && isInRoom(entry)) return entry.seq;
  }
  return undefined;
};

/** Where the room begins, or what is on its way. Its height is {@link TOP_PX}, so that nothing jumps. */
const Top = ({
  room,
  timeline,
  onRetry,
}: {
  room: RoomOverview;
  timeline: TimelineData;
  onRetry: () => void;
}): ReactNode => {
  const messages = useMessages();
  const formats = useFormats();
  const today = useToday();
  const name = useRoomName(room);
  if (timeline.reachedStart)
    return (
      <div className={style.top} style={{ height: TOP_PX.start }}>
        <h2 dir="auto">{name}</h2>
        <p>{messages.room.begins(formats.day(new Date(room.createdAt), today))}</p>
      </div>
    );
  return (
    <div className={style.top} style={{ height: TOP_PX.loading }}>
      {timeline.error ? <Lost timeline={timeline} onRetry={onRetry} /> : <Ghost width={50} />}
    </div>
  );
};

const Ghost = ({ width }: { width: number }): ReactNode => (
  <div className={style.ghost}>
    <Skeleton width="2.25rem" height="2.25rem" />
    <Skeleton width="7rem" height="0.875rem" />
    <Skeleton width={`${width}%`} height="0.875rem" />
  </div>
);

const Ghosts = (): ReactNode => {
  const { loading } = useMessages();
  return (
    <div className={style.ghosts} role="status" aria-label={loading}>
      {[70, 45, 82, 30, 64, 52].map((width) => (
        <Ghost key={width} width={width} />
      ))}
    </div>
  );
};

/** What was to be shown could not be had. */
const Lost = ({ timeline, onRetry }: { timeline: TimelineData; onRetry: () => void }): ReactNode => {
  const { retry } = useMessages();
  const text = useProblemText();
  return (
    <Notice action={<PlainButton onPress={onRetry}>{retry}</PlainButton>}>{text(timeline.error)}</Notice>
  );
};

const Latest = ({ overview, onPress }: { overview: RoomOverview; onPress: () => void }): ReactNode => {
  const { room } = useMessages();
  return (
    <Button className={style.latest ?? ''} onPress={onPress}>
      <ArrowDown size={16} aria-hidden />
      {room.toLatest}
      {overview.unread > 0 && <Unread count={overview.unread} />}
    </Button>
  );
};
