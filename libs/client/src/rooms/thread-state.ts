import { calls, type Entry, type MessageCreated, type Thread, type ThreadMark } from '@veche/protocol';
import { foldShown, makesStale } from './fold';

/** What changes how somebody has a thread. */
export type ThreadNews = Entry | ThreadMark;

export const isMark = (news: ThreadNews): news is ThreadMark => !('type' in news);

const lastSeqOf = ({ root }: Thread): number => root.thread?.lastSeq ?? 0;

const withMark = (thread: Thread, mark: ThreadMark): Thread => {
  const { following, readSeq, revision = 0 } = mark;
  const known = thread.revision ?? 0;
  if (revision < known || (revision === known && readSeq <= thread.readSeq)) return thread;
  const unread = !following || readSeq >= lastSeqOf(thread) ? 0 : thread.unread;
  return { ...thread, following, readSeq, unread, ...(revision > 0 && { revision }) };
};

/** Whether a reply makes somebody follow its thread, who has not chosen otherwise. */
const makesFollow = (reply: MessageCreated, me: string): boolean =>
  reply.actorId === me || reply.threadAuthorId === me || reply.mentions.some(({ id }) => id === me);

/** A thread after one more thing that happened; the same object where nothing of it has changed. */
export const foldThread = (thread: Thread, news: ThreadNews, me: string): Thread => {
  if (news.roomId !== thread.roomId) return thread;
  if (isMark(news)) return news.threadSeq === thread.threadSeq ? withMark(thread, news) : thread;
  const root = foldShown(thread.root, news, me);
  if (root === thread.root) return thread;
  const isReply = news.type === 'message.created' && news.threadSeq === thread.threadSeq;
  const { deletedAt }: Partial<MessageCreated> = isReply ? news : {};
  const isUnread =
    isReply &&
    thread.following &&
    news.actorId !== me &&
    news.seq > thread.readSeq &&
    deletedAt === undefined;
  return { ...thread, root, unread: thread.unread + (isUnread ? 1 : 0) };
};

/**
 * Whether how somebody has a thread is not known any more after that, and has to be asked for.
 * @param thread as it is after it
 */
export const isUnknownAfter = (thread: Thread, news: ThreadNews, me: string): boolean => {
  if (news.roomId !== thread.roomId) return false;
  if (isMark(news))
    return news.threadSeq === thread.threadSeq && news.following && news.readSeq < lastSeqOf(thread);
  if (makesStale(thread.root, news)) return true;
  if (!('threadSeq' in news) || news.threadSeq !== thread.threadSeq) return false;
  // who wrote what was deleted is not said
  if (news.type === 'message.deleted') return thread.unread > 0 && news.target > thread.readSeq;
  return !thread.following && isCalledInto(news, me);
};

/** Whether somebody may follow a thread by this of which they were not told. */
export const isCalledInto = (news: ThreadNews, me: string): boolean => {
  if (isMark(news)) return news.following;
  if (news.type === 'message.created') return news.threadSeq !== undefined && makesFollow(news, me);
  return news.type === 'message.edited' && news.threadSeq !== undefined && calls(news, me);
};
