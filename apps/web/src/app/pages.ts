import type { Page } from '@veche/client';
import { keepPreviousData } from '@tanstack/react-query';
import { useInfiniteQuery } from './queries';

/** Everything of a list, page by page and as it is now. What was there before stays until something else is. */
export const usePages = <Item>(
  queryKey: readonly unknown[],
  fetch: (page: { cursor?: string }) => Promise<Page<Item>>,
) =>
  useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => fetch(pageParam ? { cursor: pageParam } : {}),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
