import { VecheError } from '@veche/client';
import {
  QueryClient,
  useInfiniteQuery as useInfiniteQueryOf,
  useMutation as useMutationOf,
  useQuery as useQueryOf,
} from '@tanstack/react-query';

/** What is asked for over REST, for as long as it is worth keeping. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      // a refusal stays one
      retry: (failures, error) =>
        failures < 2 && error instanceof VecheError && ['unreachable', 'unavailable'].includes(error.code),
    },
  },
});
queries.mount();

// with the client of above, and not one from around them: it comes with the first page that asks for something, and the way
// to a first room is one that does not
export const useQuery = ((options) => useQueryOf(options, queries)) as typeof useQueryOf;
export const useInfiniteQuery = ((options) =>
  useInfiniteQueryOf(options, queries)) as typeof useInfiniteQueryOf;
export const useMutation = ((options) => useMutationOf(options, queries)) as typeof useMutationOf;
