import { counter } from '@veche/metrics';

export const gapReads = counter(
  'veche_feed_gap_reads_total',
  'Reads of a log for entries that were not heard.',
  'result',
);
export const gapEntries = counter(
  'veche_feed_gap_entries_total',
  'Entries that were read because they were not heard.',
);
