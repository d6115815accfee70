import { keepPreviousData } from '@tanstack/react-query';
import { type Has, parseSearch } from '@veche/client';
import { useInfiniteQuery } from '../app/queries';
import { useChat } from '../chat/chat';
import { useMe } from '../session/session';

export interface Wanted {
  q: string;
  room?: string | undefined;
  has: readonly Has[];
  order?: 'newest' | undefined;
}

const PAGE = 20;

/** Whether there is anything to look for: a filter whose value is not typed yet says nothing. */
export const isAsked = ({ q, has }: Wanted): boolean => {
  const { texts, from, in: rooms, before, after, has: typed } = parseSearch(q);
  return [has, texts, from, rooms, before, after, typed].some((parts) => parts.length > 0);
};

/**
 * What is found, page by page. What was found before stays until there is something else, and a request that nobody waits
 * for any more is given up. Who comes back finds what they have left, and who asks anew is answered anew.
 */
export const useHits = (wanted: Wanted) => {
  const chat = useChat();
  const me = useMe();
  const { q, room, has, order } = wanted;
  return useInfiniteQuery({
    queryKey: ['search', me.id, q, room, has, order],
    queryFn: ({ pageParam, signal }) =>
      chat.search(q, {
        limit: PAGE,
        signal,
        ...(room && { roomId: room }),
        ...(has.length > 0 && { has }),
        ...(order && { order }),
        ...(pageParam && { cursor: pageParam }),
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    enabled: isAsked(wanted),
    staleTime: 0,
    refetchOnMount: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
};
