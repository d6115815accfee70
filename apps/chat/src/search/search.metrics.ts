import { counter, histogram, watched } from '@veche/metrics';

export const indexedMessages = counter('veche_search_indexed_total', 'Messages taken into the search index.');
export const lagSeconds = watched(
  'veche_search_lag_seconds',
  'How long the oldest entry that this process knows of has not been indexed.',
);
export const searchSeconds = histogram(
  'veche_search_duration_seconds',
  'What a search took, from its turn to its answer.',
  ['order'],
);
