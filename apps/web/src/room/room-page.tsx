import { type Entry, isInRoom, MOST_ATTACHMENTS, type Room, type RoomOverview } from '@veche/client';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Pin, TextSearch, Users } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useCallback, useEffect, useState } from 'react';
import { usePageTitle } from '../app/page-title';
import { useOverview, useRoom, useRooms, useWatchedByFrame } from '../chat/chat';
import { useDrop } from '../files/drop';
import { picturesIn } from '../files/kinds';
import { addFiles } from '../files/uploads';
import { Viewer } from '../files/windows';
import { useMessages } from '../i18n/i18n';
import { usePerson } from '../people/people';
import { usePresenceText } from '../people/presence';
import { otherOf, RoomMark, useRoomName } from '../rooms/room-name';
import { useOpenSearch } from '../search/search-keys';
import { useMe } from '../session/session';
import { PageHead } from '../shell/page-head';
import { IconButton } from '../ui/button';
import { later } from '../ui/later';
import { Notice } from '../ui/notice';
import { toast } from '../ui/toast';
import { Announcer } from './announcer';
import { type About, Composer } from './composer';
import { RoomMenu } from './room-menu';
import { Timeline } from './timeline';
import { Typing } from './typing';
import style from './room-page.module.css';

const Threshold = lazy(() => import('./threshold').then(({ Threshold }) => ({ default: Threshold })));
const Members = later(() => import('./members').then(({ Members }) => Members));
const Pins = later(() => import('../pins/pins').then(({ Pins }) => Pins));
const ThreadPanel = later(() => import('../threads/thread-panel').then(({ ThreadPanel }) => ThreadPanel));

const isOfRoom = (entry: Entry): boolean => entry.type !== 'message.created' || isInRoom(entry);

const route = getRouteApi('/members/rooms/$roomId');

export const RoomPage = (): ReactNode => {
  const { roomId } = route.useParams();
  const { at, thread } = route.useSearch();
  const room = useRoom(roomId);
  const overview = useOverview(roomId);
  const { loaded } = useRooms();
  if (overview) return <Inside key={roomId} room={room} overview={overview} at={at} threadSeq={thread} />;
  if (!loaded) return null;
  return (
    <Suspense>
      <Threshold key={roomId} roomId={roomId} />
    </Suspense>
  );
};

/** A room that one is in. */
const Inside = ({
  room,
  overview,
  at,
  threadSeq,
}: {
  room: Room;
  overview: RoomOverview;
  at: number | undefined;
  /** What the thread hangs on that is shown beside the room. */
  threadSeq: number | undefined;
}): ReactNode => {
  const messages = useMessages();
  const me = useMe();
  const name = useRoomName(overview);
  const timeline = useWatchedByFrame(room.timeline);
  const openSearch = useOpenSearch();
  const { target, setThread } = useTarget(room, overview, at, threadSeq);
  const [viewed, setViewed] = useState<string>();
  const closeViewer = useCallback(() => setViewed(undefined), []);
  const [about, setAbout] = useState<About>();
  const [beside, setBeside] = useState<'members' | 'pins'>();
  const toggle = (panel: 'members' | 'pins'): void => {
    setBeside(beside === panel && threadSeq === undefined ? undefined : panel);
    if (threadSeq !== undefined) setThread(undefined);
  };
  const isDirect = overview.kind === 'direct';
  const isOver = usePerson(otherOf(overview, me.id)) === null;
  const here = usePresenceText(otherOf(overview, me.id));
  usePageTitle(name);
  const addAll = (files: readonly File[]): void => {
    if (addFiles(room.id, files) > 0) toast(messages.files.tooMany(MOST_ATTACHMENTS));
  };
  const [dropped, dropZone] = useDrop(isOver || about?.act === 'edit' ? undefined : addAll);
  return (
    <>
      <PageHead
        mark={<RoomMark room={overview} />}
        title={name}
        text={overview.topic || (isDirect ? here : messages.rooms.memberCount(overview.memberCount))}
      >
        <IconButton label={messages.search.inThisRoom} onPress={() => openSearch(overview.id)}>
          <TextSearch size={19} />
        </IconButton>
        <IconButton
          label={messages.pins.title}
          aria-pressed={threadSeq === undefined && beside === 'pins'}
          onPress={() => toggle('pins')}
        >
          <Pin size={19} />
        </IconButton>
        {!isDirect && (
          <IconButton
            label={messages.rooms.memberCount(overview.memberCount)}
            aria-pressed={threadSeq === undefined && beside === 'members'}
            onPress={() => toggle('members')}
          >
            <Users size={19} />
          </IconButton>
        )}
        {!isDirect && <RoomMenu room={overview} />}
      </PageHead>
      <div className={style.columns} {...dropped}>
        {dropZone}
        <div className={style.talk}>
          <Timeline
            room={room}
            overview={overview}
            timeline={timeline}
            at={threadSeq === undefined ? target : undefined}
            onCompose={setAbout}
            onThread={setThread}
            onView={setViewed}
          />
          <Typing room={room} />
        </div>
        {isOver ? (
          <div className={style.over}>
            <Notice kind="info">{messages.room.nobodyThere}</Notice>
          </div>
        ) : (
          <Composer
            key={about?.act === 'edit' ? about.message.seq : 'new'}
            room={room}
            name={name}
            about={about}
            onAbout={setAbout}
            onFiles={addAll}
          />
        )}
        {threadSeq !== undefined && (
          <ThreadPanel
            key={threadSeq}
            room={room}
            overview={overview}
            threadSeq={threadSeq}
            at={at}
            onClose={() => setThread(undefined)}
          />
        )}
        {threadSeq === undefined && beside === 'members' && (
          <Members room={room} overview={overview} onClose={() => setBeside(undefined)} />
        )}
        {threadSeq === undefined && beside === 'pins' && (
          <Pins room={room} overview={overview} onClose={() => setBeside(undefined)} />
        )}
      </div>
      <Announcer room={room} />
      {viewed !== undefined && (
        <Viewer
          pictures={picturesIn([...timeline.entries.filter(isOfRoom), ...timeline.pending])}
          id={viewed}
          onView={setViewed}
          onClose={closeViewer}
        />
      )}
    </>
  );
};

/**
 * The number of a message to look at, where there is one; where there is none, that is said, and nobody waits for it. One that
 * is in a thread alone is looked at there.
 */
const useTarget = (
  room: Room,
  { id, lastSeq }: RoomOverview,
  at: number | undefined,
  threadSeq: number | undefined,
): { target: number | undefined; setThread: (threadSeq: number | undefined) => void } => {
  const { problems } = useMessages();
  const navigate = useNavigate();
  const isThere = at !== undefined && at >= 1 && at <= lastSeq;
  const isMissed = at !== undefined && !isThere;
  useEffect(() => {
    if (!isMissed) return;
    toast(problems.message_not_found);
    void navigate({ to: '/rooms/$roomId', params: { roomId: id }, replace: true });
    // eslint-disable-next-line react-hooks/exhaustive-deps -- it is said once, in whatever language
  }, [isMissed, id, navigate]);
  const isAlone = threadSeq === undefined && isThere;
  useEffect(() => {
    if (!isAlone) return undefined;
    const look = (): void => {
      const { entries } = room.timeline.get();
      const entry = entries[at - (entries[0]?.seq ?? 1)];
      if (entry?.type !== 'message.created' || isInRoom(entry)) return;
      const search = { thread: entry.threadSeq, at };
      void navigate({ to: '/rooms/$roomId', params: { roomId: id }, search, replace: true });
    };
    look();
    return room.timeline.subscribe(look);
  }, [isAlone, at, room, id, navigate]);
  const setThread = useCallback(
    (seq: number | undefined) =>
      void navigate({
        to: '/rooms/$roomId',
        params: { roomId: id },
        search: seq === undefined ? {} : { thread: seq },
      }),
    [navigate, id],
  );
  return { target: isThere ? at : undefined, setThread };
};
