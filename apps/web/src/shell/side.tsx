import type { RoomOverview } from '@veche/client';
import { Link, useNavigate } from '@tanstack/react-router';
import {
  Compass,
  LogOut,
  MessageCircle,
  Plus,
  Search,
  Settings,
  ShieldCheck,
  TextSearch,
} from 'lucide-react';
import { defaultRangeExtractor, type Range, useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import {
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useCallback,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { Button } from 'react-aria-components/Button';
import { useProblemText } from '../app/problem';
import { useRooms } from '../chat/chat';
import { useFormats, useMessages } from '../i18n/i18n';
import { straight } from '../i18n/isolated';
import { useToday } from '../i18n/today';
import { plain } from '../markdown/plain';
import { useNameOf } from '../people/people';
import { PersonAvatar } from '../people/person-avatar';
import { useDraft } from '../room/drafts';
import { RoomMark, useRoomName } from '../rooms/room-name';
import { NewConversation, NewRoom } from '../rooms/windows';
import { SEARCH_KEYS, useOpenSearch } from '../search/search-keys';
import { session, useMe } from '../session/session';
import { Unread } from '../ui/badge';
import { IconButton } from '../ui/button';
import { MenuButton } from '../ui/menu-button';
import { Skeleton } from '../ui/skeleton';
import { toast } from '../ui/toast';
import { FirstSteps } from './first-steps';
import { useIsNarrow } from './narrow';
import { openSwitcher, SWITCHER_KEYS } from './switcher-keys';
import style from './side.module.css';

/** The rooms of whoever is logged in, and the ways to others. */
export const Side = (): ReactNode => {
  const { shell, rooms, search } = useMessages();
  const openSearch = useOpenSearch();
  return (
    <>
      <div className={style.head}>
        <Link to="/" className={style.brand}>
          <img src="/favicon.svg" alt="" />
          {PRODUCT}
        </Link>
        <IconButton
          label={`${search.title} (${SEARCH_KEYS})`}
          aria-keyshortcuts="Control+F Meta+F"
          onPress={() => openSearch()}
        >
          <TextSearch size={20} />
        </IconButton>
        <Create />
      </div>
      <Button className={style.search ?? ''} onPress={openSwitcher} aria-keyshortcuts="Control+K Meta+K">
        <Search size={16} aria-hidden />
        <span>{shell.switcher}</span>
        <kbd className={style.keys}>{SWITCHER_KEYS}</kbd>
      </Button>
      <RoomList />
      <Link to="/browse" className={style.browse}>
        <Compass size={18} aria-hidden />
        {rooms.browseTitle}
      </Link>
      <Account />
    </>
  );
};

const PRODUCT = 'Veche';

const Create = (): ReactNode => {
  const { shell } = useMessages();
  const [making, setMaking] = useState<'room' | 'conversation'>();
  const close = (): void => setMaking(undefined);
  return (
    <>
      <MenuButton
        label={shell.create}
        trigger={(opens) => (
          <IconButton {...opens} label={shell.create}>
            <Plus size={20} />
          </IconButton>
        )}
        entries={[
          { icon: Plus, text: shell.createRoom, onAction: () => setMaking('room') },
          { icon: MessageCircle, text: shell.createDirect, onAction: () => setMaking('conversation') },
        ]}
      />
      {making === 'room' && <NewRoom onClose={close} />}
      {making === 'conversation' && <NewConversation onClose={close} />}
    </>
  );
};

const RoomList = (): ReactNode => {
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

const RoomLink = ({ room }: { room: RoomOverview }): ReactNode => {
  const formats = useFormats();
  const today = useToday();
  const name = useRoomName(room);
  const at = room.lastMessage?.at;
  return (
    <Link
      to="/rooms/$roomId"
      params={{ roomId: room.id }}
      className={`${style.room} ${room.unread > 0 ? style.isUnread : ''}`}
    >
      <RoomMark room={room} />
      <span className={style.lines}>
        <span className={style.line}>
          <span className={style.name} dir="auto">
            {name || <Skeleton width="60%" height="1rem" />}
          </span>
          {at && <time className={style.time}>{formats.brief(new Date(at), today)}</time>}
        </span>
        <span className={style.line}>
          <Preview room={room} />
          {room.unread > 0 && (
            <Unread count={room.unread} mentions={room.mentions} isQuiet={room.kind !== 'direct'} />
          )}
        </span>
      </span>
    </Link>
  );
};

const Preview = ({ room }: { room: RoomOverview }): ReactNode => {
  const { shell, you, room: words } = useMessages();
  const me = useMe();
  const draft = useDraft(me.id, room.id);
  const { lastMessage } = room;
  const author = useNameOf(lastMessage?.actorId);
  if (draft)
    return (
      <span className={style.preview} dir="auto">
        <bdi className={style.draft}>{shell.draft}</bdi> {draft}
      </span>
    );
  if (!lastMessage) return <span className={style.preview}>{shell.noMessages}</span>;
  const who = lastMessage.actorId === me.id ? you : room.kind === 'direct' ? '' : author;
  const text = lastMessage.deletedAt ? words.deleted : plain(lastMessage.text);
  return (
    // by the first letter of what was said, whoever said it
    <span className={style.preview} dir="auto">
      {who && (
        <>
          <bdi>{who}</bdi>
          {': '}
        </>
      )}
      {text}
    </span>
  );
};

const Account = (): ReactNode => {
  const { shell, admin } = useMessages();
  const text = useProblemText();
  const me = useMe();
  const navigate = useNavigate();
  const logOut = async (): Promise<void> => {
    try {
      await session.logOut();
    } catch (error) {
      toast(text(error));
    }
  };
  return (
    <div className={style.account}>
      <MenuButton
        label={shell.account}
        trigger={(opens) => (
          <Button {...opens} className={style.me ?? ''}>
            <PersonAvatar id={me.id} name={me.displayName} />
            <span>
              <span className="heard-only">{shell.account}: </span>
              <span className={style.myName} dir="auto">
                {straight(me.displayName)}
              </span>
              <span className={style.handle}>@{me.username}</span>
            </span>
          </Button>
        )}
        entries={[
          {
            icon: Settings,
            text: shell.settings,
            onAction: () => void navigate({ to: '/settings/profile' }),
          },
          me.role === 'admin' && {
            icon: ShieldCheck,
            text: admin.title,
            onAction: () => void navigate({ to: '/admin/users' }),
          },
          'line',
          { icon: LogOut, text: shell.logOut, danger: true, onAction: () => void logOut() },
        ]}
      />
    </div>
  );
};
