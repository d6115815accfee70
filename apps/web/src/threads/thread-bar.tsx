import type { MessageCreated } from '@veche/client';
import type { MouseEvent, ReactNode } from 'react';
import { useFormats, useMessages } from '../i18n/i18n';
import { useToday } from '../i18n/today';
import { usePerson } from '../people/people';
import { Avatar } from '../ui/avatar';
import { threadLink, useThreads } from './threads';
import style from './threads.module.css';

interface ThreadBarProps {
  /** What the thread hangs on, with replies. */
  message: MessageCreated;
  /** Whether one can get to it with the keyboard. */
  isCurrent: boolean;
  onOpen: () => void;
}

/** So many of those who wrote are shown. */
const FACES = 3;

/** What there is in the thread that hangs on a message, and the way into it. */
export const ThreadBar = ({ message, isCurrent, onOpen }: ThreadBarProps): ReactNode => {
  const { threads } = useMessages();
  const formats = useFormats();
  const today = useToday();
  const { roomId, seq, thread } = message;
  const own = useThreads().find((one) => one.threadSeq === seq && one.roomId === roomId);
  if (!thread?.lastAt) return null;
  const open = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    onOpen();
  };
  return (
    <a
      href={threadLink(roomId, seq)}
      className={style.bar}
      tabIndex={isCurrent ? 0 : -1}
      onClick={open}
      data-thread={seq}
    >
      <span className={style.faces}>
        {thread.participants.slice(0, FACES).map((id) => (
          <Face key={id} id={id} />
        ))}
      </span>
      <span className={style.replies}>{threads.replies(thread.replies)}</span>
      {own !== undefined && own.unread > 0 && (
        <span className={style.dot}>
          <span className="heard-only">{threads.unread(own.unread)}</span>
        </span>
      )}
      <time dateTime={thread.lastAt} className={style.last}>
        {formats.brief(new Date(thread.lastAt), today)}
      </time>
    </a>
  );
};

const Face = ({ id }: { id: string }): ReactNode => {
  const person = usePerson(id);
  return <Avatar id={id} name={person?.displayName ?? ''} size="tiny" />;
};
