import { counter } from '@veche/metrics';

export const cacheReads = counter('veche_cache_reads_total', 'Reads of the cache.', 'kind', 'result');
export const removalsFailed = counter(
  'veche_cache_removals_failed_total',
  'Removals that did not reach the cache, and are tried again.',
);
