import type { Mention, ThreadSummary } from '@veche/contracts';
import type { EntryBody } from '../log/log.service';

/** Which message is changed. */
interface Changed {
  readonly seq: number;
  readonly threadSeq: number | null;
}

export const edited = (
  { seq, threadSeq }: Changed,
  text: string,
  mentions: readonly Mention[] = [],
): EntryBody => ({
  $case: 'messageEdited',
  value: { target: seq, text, mentions: [...mentions], threadSeq: threadSeq ?? undefined },
});

/** @param thread what there is in its thread without it */
export const deleted = ({ seq, threadSeq }: Changed, thread?: ThreadSummary): EntryBody => ({
  $case: 'messageDeleted',
  value: { target: seq, threadSeq: threadSeq ?? undefined, thread },
});
