import type { RoomMoved, Thread } from '@veche/protocol';
import { type Fetched, FetchedList } from './fetched';
import { foldThread, isCalledInto, isMark, isUnknownAfter, type ThreadNews } from './thread-state';

/** The threads that the user follows, the one with the newest reply first; at most 200. */
export type Threads = Fetched<Thread>;

/** What happened, or that a room is not the user's any more, or how far a large one is. */
type News = ThreadNews | { readonly left: string } | { readonly moved: RoomMoved };

const isOfThreads = (news: News): news is ThreadNews => !('left' in news || 'moved' in news);

interface State {
  readonly threads: readonly Thread[];
  /** There are more, which are older. */
  readonly more: boolean;
}

export type ThreadList = FetchedList<State, News, Thread>;

const keyOf = ({ roomId, threadSeq }: { roomId: string; threadSeq: number }): string =>
  `${roomId} ${threadSeq}`;

/** Whether somebody has written in it, who is not told what. */
const isIn = ({ roomId, lastSeq, threads = [] }: RoomMoved, { root, ...thread }: Thread): boolean =>
  thread.roomId === roomId && threads.includes(thread.threadSeq) && lastSeq > (root.thread?.lastSeq ?? 0);

const newestFirst = (a: Thread, b: Thread): number => {
  const [atA, atB] = [a.root.thread?.lastAt ?? '', b.root.thread?.lastAt ?? ''];
  if (atA !== atB) return atA < atB ? 1 : -1;
  if (a.roomId !== b.roomId) return a.roomId < b.roomId ? 1 : -1;
  return b.threadSeq - a.threadSeq;
};

const after = (state: State, news: News, me: string): State => {
  if ('moved' in news) return state;
  const next =
    'left' in news
      ? state.threads.filter(({ roomId }) => roomId !== news.left)
      : state.threads.map((thread) => foldThread(thread, news, me));
  if (next.length === state.threads.length && next.every((thread, i) => thread === state.threads[i]))
    return state;
  const threads = next
    .filter(({ following, root }) => following && (root.thread?.replies ?? 0) > 0)
    .sort(newestFirst);
  return { ...state, threads };
};

/**
 * The threads that the user follows. Replies say themselves whom they make follow a thread; what they leave open is asked
 * for.
 */
export const threadList = (fetch: () => Promise<State>, me: () => string): ThreadList => {
  // threads beyond those that are kept here, or of others: each is asked for once
  const others = new Set<string>();
  const isMissing = ({ threads, more }: State, news: ThreadNews): boolean => {
    if (!('threadSeq' in news) || news.threadSeq === undefined) return false;
    const key = keyOf({ roomId: news.roomId, threadSeq: news.threadSeq });
    if (threads.some((thread) => keyOf(thread) === key)) return false;
    if (isCalledInto(news, me())) return true;
    if (isMark(news) || !more || others.has(key)) return false;
    others.add(key);
    return true;
  };
  return new FetchedList<State, News, Thread>({
    empty: { threads: [], more: false },
    fetch,
    after: (state, news) => news.reduce((is, one) => after(is, one, me()), state),
    items: ({ threads }) => threads,
    lacks: (state, news) => {
      if ('moved' in news) return state.threads.some((thread) => isIn(news.moved, thread));
      if (!isOfThreads(news)) return false;
      return isMissing(state, news) || state.threads.some((thread) => isUnknownAfter(thread, news, me()));
    },
  });
};
