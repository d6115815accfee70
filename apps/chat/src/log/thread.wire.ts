import type { ThreadSummary } from '@veche/contracts';

/** What there is in a thread, as the row of the message that it hangs on has it. */
export interface KeptThread extends Omit<ThreadSummary, 'lastSeq' | 'lastAt'> {
  readonly lastSeq?: number | null;
  readonly lastAt?: string | null;
}

export const toThread = ({ lastSeq, lastAt, ...kept }: KeptThread): ThreadSummary => ({
  ...kept,
  lastSeq: lastSeq ?? undefined,
  lastAt: lastAt ? new Date(lastAt) : undefined,
});
