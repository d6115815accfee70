import { Link } from '@tanstack/react-router';
import { MessagesSquare } from 'lucide-react';
import type { ReactNode } from 'react';
import { useMessages } from '../i18n/i18n';
import { Unread } from '../ui/badge';
import { useThreads } from './threads';

/** The way to the threads that one follows, and how much is unread in them. */
export const ThreadsLink = ({ className }: { className: string | undefined }): ReactNode => {
  const { threads } = useMessages();
  const unread = useThreads().reduce((sum, thread) => sum + thread.unread, 0);
  return (
    <Link to="/threads" className={className}>
      <MessagesSquare size={18} aria-hidden />
      {threads.title}
      {unread > 0 && <Unread count={unread} />}
    </Link>
  );
};
