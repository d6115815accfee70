import { Link } from '@tanstack/react-router';
import type { RoomOverview, Thread } from '@veche/client';
import { MessagesSquare } from 'lucide-react';
import type { ReactNode } from 'react';
import { usePageTitle } from '../app/page-title';
import { useProblemText } from '../app/problem';
import { useChat, useOverview, useWatched } from '../chat/chat';
import { heard } from '../files/said';
import { useFormats, useMessages } from '../i18n/i18n';
import { useToday } from '../i18n/today';
import { useNameOf } from '../people/people';
import { useRoomName } from '../rooms/room-name';
import { PageHead } from '../shell/page-head';
import { Unread } from '../ui/badge';
import { Empty, Notice } from '../ui/notice';
import { Skeleton } from '../ui/skeleton';
import style from './threads-page.module.css';

/** As much of what a thread hangs on as is shown. */
const SHOWN = 300;

/** The threads that one follows, the one with the newest reply first. */
export const ThreadsPage = (): ReactNode => {
  const { threads } = useMessages();
  const text = useProblemText();
  const { status, items, error } = useWatched(useChat().threads);
  usePageTitle(threads.title);
  return (
    <>
      <PageHead title={threads.title} />
      <div className={style.content}>
        {error && <Notice>{text(error)}</Notice>}
        {status === 'ready' && items.length === 0 && (
          <Empty icon={<MessagesSquare size={40} />} title={threads.none} text={threads.noneText} />
        )}
        <ul className={style.list} aria-busy={status === 'loading'}>
          {items.map((thread) => (
            <li key={`${thread.roomId} ${thread.threadSeq}`}>
              <Followed thread={thread} />
            </li>
          ))}
          {status === 'loading' &&
            items.length === 0 &&
            [70, 45, 60].map((width) => (
              <li key={width} className={style.thread}>
                <Skeleton width={`${width}%`} height="2.5rem" />
              </li>
            ))}
        </ul>
      </div>
    </>
  );
};

const Followed = ({ thread }: { thread: Thread }): ReactNode => {
  const room = useOverview(thread.roomId);
  return room && <InRoom thread={thread} room={room} />;
};

const InRoom = ({ thread, room }: { thread: Thread; room: RoomOverview }): ReactNode => {
  const messages = useMessages();
  const { threads } = messages;
  const formats = useFormats();
  const today = useToday();
  const name = useRoomName(room);
  const { root, unread, roomId, threadSeq } = thread;
  const author = useNameOf(root.actorId);
  const said = root.deletedAt === undefined ? heard(root, messages).slice(0, SHOWN) : messages.room.deleted;
  return (
    <Link
      to="/rooms/$roomId"
      params={{ roomId }}
      search={{ thread: threadSeq }}
      className={`${style.thread} ${unread > 0 ? style.isUnread : ''}`}
    >
      <span className={style.line}>
        <span className={style.room} dir="auto">
          {name}
        </span>
        {root.thread?.lastAt !== undefined && (
          <time dateTime={root.thread.lastAt} className={style.time}>
            {formats.brief(new Date(root.thread.lastAt), today)}
          </time>
        )}
        {unread > 0 && <Unread count={unread} />}
      </span>
      <span className={style.text} dir="auto">
        <bdi className={style.author}>{author}</bdi>
        {': '}
        {said}
      </span>
      <span className={style.replies}>{threads.replies(root.thread?.replies ?? 0)}</span>
    </Link>
  );
};
