import { VecheError } from '@veche/client';
import { QueryClient } from '@tanstack/react-query';

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
