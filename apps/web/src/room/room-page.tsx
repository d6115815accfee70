import { MOST_ATTACHMENTS, type Room, type RoomOverview } from '@veche/client';
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

const route = getRouteApi('/members/rooms/$roomId');

export const RoomPage = (): ReactNode => {
  const { roomId } = route.useParams();
  const { at } = route.useSearch();
  const room = useRoom(roomId);
  const overview = useOverview(roomId);
  const { loaded } = useRooms();
  if (overview) return <Inside key={roomId} room={room} overview={overview} at={at} />;
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
}: {
  room: Room;
  overview: RoomOverview;
  at: number | undefined;
}): ReactNode => {
  const messages = useMessages();
  const me = useMe();
  const name = useRoomName(overview);
  const timeline = useWatchedByFrame(room.timeline);
  const openSearch = useOpenSearch();
  const target = useTarget(overview, at);
  const [viewed, setViewed] = useState<string>();
  const closeViewer = useCallback(() => setViewed(undefined), []);
  const [about, setAbout] = useState<About>();
  const [beside, setBeside] = useState<'members' | 'pins'>();
  const toggle = (panel: 'members' | 'pins'): void => setBeside(beside === panel ? undefined : panel);
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
          aria-pressed={beside === 'pins'}
          onPress={() => toggle('pins')}
        >
          <Pin size={19} />
        </IconButton>
        {!isDirect && (
          <IconButton
            label={messages.rooms.memberCount(overview.memberCount)}
            aria-pressed={beside === 'members'}
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
            at={target}
            onCompose={setAbout}
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
        {beside === 'members' && (
          <Members room={room} overview={overview} onClose={() => setBeside(undefined)} />
        )}
        {beside === 'pins' && <Pins room={room} overview={overview} onClose={() => setBeside(undefined)} />}
      </div>
      <Announcer room={room} />
      {viewed !== undefined && (
        <Viewer
          pictures={picturesIn([...timeline.entries, ...timeline.pending])}
          id={viewed}
          onView={setViewed}
          onClose={closeViewer}
        />
      )}
    </>
  );
};

/** The number of a message to look at, where there is one; where there is none, that is said, and nobody waits for it. */
const useTarget = ({ id, lastSeq }: RoomOverview, at: number | undefined): number | undefined => {
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
  return isThere ? at : undefined;
};
