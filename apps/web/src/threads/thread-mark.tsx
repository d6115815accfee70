import { MessagesSquare } from 'lucide-react';
import type { MouseEvent, ReactNode } from 'react';
import { useMessages } from '../i18n/i18n';
import { threadLink } from './threads';
import style from './threads.module.css';

interface ThreadMarkProps {
  roomId: string;
  threadSeq: number;
  isCurrent: boolean;
  onOpen: () => void;
}

/** A message of the room is a reply in a thread; the way into it. */
export const ThreadMark = ({ roomId, threadSeq, isCurrent, onOpen }: ThreadMarkProps): ReactNode => {
  const { threads } = useMessages();
  const open = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    onOpen();
  };
  return (
    <a
      href={threadLink(roomId, threadSeq)}
      className={style.mark}
      tabIndex={isCurrent ? 0 : -1}
      onClick={open}
    >
      <MessagesSquare size={12} aria-hidden />
      {threads.fromThread}
    </a>
  );
};
