import { MOST_ATTACHMENTS, type Room, type RoomOverview, type RoomThread } from '@veche/client';
import { Bell, BellOff } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useProblemText } from '../app/problem';
import { useWatchedByFrame } from '../chat/chat';
import { addFiles } from '../files/uploads';
import { useMessages } from '../i18n/i18n';
import { type About, Composer } from '../room/composer';
import { Panel } from '../room/panel';
import { useIsLookedAt } from '../room/reading';
import { useRoomName } from '../rooms/room-name';
import { Button } from '../ui/button';
import { Notice } from '../ui/notice';
import { Skeleton } from '../ui/skeleton';
import { toast } from '../ui/toast';
import { Replies } from './replies';
import style from './thread-panel.module.css';

interface ThreadPanelProps {
  room: Room;
  overview: RoomOverview;
  threadSeq: number;
  /** The number of a reply to look at. */
  at: number | undefined;
  onClose: () => void;
}

/** A thread beside the room: what it hangs on, what was replied, and where one replies. */
export const ThreadPanel = ({ room, overview, threadSeq, at, onClose }: ThreadPanelProps): ReactNode => {
  const messages = useMessages();
  const { threads } = messages;
  const text = useProblemText();
  const name = useRoomName(overview);
  const thread = room.thread(threadSeq);
  const timeline = useWatchedByFrame(thread.timeline);
  const [about, setAbout] = useState<About>();
  const place = placeOf(thread);
  useReadingOf(thread, timeline.thread?.root.thread?.lastSeq);
  const attach = (files: readonly File[]): void => {
    if (addFiles(place, files) > 0) toast(messages.files.tooMany(MOST_ATTACHMENTS));
  };
  const { following } = timeline.thread ?? {};
  const follow = (on: boolean): void => {
    thread.follow(on).catch((error: unknown) => toast(text(error)));
  };
  return (
    <Panel
      label={threads.thread}
      title={threads.thread}
      writes
      content={[timeline.messages]}
      onClose={onClose}
    >
      {following !== undefined && (
        <div className={style.follow}>
          <Button look="quiet" aria-pressed={following} onPress={() => follow(!following)}>
            {following ? <Bell size={15} aria-hidden /> : <BellOff size={15} aria-hidden />}
            {following ? threads.following : threads.follow}
          </Button>
        </div>
      )}
      {timeline.error && <Notice>{text(timeline.error)}</Notice>}
      {timeline.thread ? (
        <Replies
          key={threadSeq}
          room={room}
          overview={overview}
          thread={thread}
          timeline={timeline}
          at={at}
          onCompose={setAbout}
        />
      ) : (
        !timeline.error && (
          <div className={style.ghost} role="status" aria-label={messages.loading}>
            {[60, 82, 45].map((width) => (
              <Skeleton key={width} width={`${width}%`} height="1.25rem" />
            ))}
          </div>
        )
      )}
      <Composer
        key={about?.act === 'edit' ? about.message.seq : `thread ${threadSeq}`}
        room={room}
        thread={thread}
        name={name}
        about={about}
        onAbout={setAbout}
        onFiles={attach}
      />
    </Panel>
  );
};

/** What is written and carried in a thread is kept apart from what is in its room. */
const placeOf = ({ roomId, threadSeq }: RoomThread): string => `${roomId}/${threadSeq}`;

/** What passes by sooner than this was not read. */
const GLANCE_MS = 400;

/** Moves the mark in a thread to its end while somebody looks at it. */
const useReadingOf = (thread: RoomThread, lastSeq: number | undefined): void => {
  const isLookedAt = useIsLookedAt();
  useEffect(() => {
    if (!isLookedAt || lastSeq === undefined) return undefined;
    const timer = setTimeout(() => thread.markRead(lastSeq), GLANCE_MS);
    return () => clearTimeout(timer);
  }, [thread, isLookedAt, lastSeq]);
};
