import type { Entry } from '@veche/contracts';
import { counter, histogram, watched } from '@veche/metrics';

export const sends = counter('veche_sends_total', 'What became of messages that were sent.', 'result');
const entriesTotal = counter('veche_entries_total', 'Entries committed to logs.', 'type');
export const commitMessages = histogram(
  'veche_commit_messages',
  'Messages that shared a commit.',
  [],
  [1, 2, 5, 10, 20, 50, 100, 200, 500],
);
export const commitSeconds = histogram('veche_commit_duration_seconds', 'What a commit to logs took.');
export const sendsWaiting = watched('veche_sends_waiting', 'Messages that wait for a commit.');
export const untoldSeconds = watched(
  'veche_untold_seconds',
  'How long the oldest commit has not been told to the other replicas.',
);
export const outboxRows = watched('veche_outbox_rows', 'Commits whose signals wait in the outbox.');
export const outboxSeconds = watched(
  'veche_outbox_overdue_seconds',
  'How long the oldest of them is overdue; 0 where none is.',
);
export const toldAgain = counter('veche_told_again_total', 'Entries and signals that were told once more.');

/** Of one commit. */
export const countEntries = (entries: readonly Entry[]): void => {
  const counts = new Map<string, number>();
  for (const { body } of entries) {
    if (!body) continue;
    const { $case } = body;
    counts.set($case, (counts.get($case) ?? 0) + 1);
  }
  for (const [type, count] of counts) entriesTotal.inc({ type }, count);
};
