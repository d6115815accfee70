import type { Entry, Thread } from '@veche/contracts';
import type { Hint } from '../log/outbox.wire';
import { toThread } from '../log/thread.wire';
import type { FollowerRow } from './followers.repository';
import type { ReaderRow } from './threads.repository';

/** A message with what there was in its thread at a moment. */
const asOf = (root: Entry, { summary }: ReaderRow): Entry =>
  summary && root.body?.$case === 'messageCreated'
    ? { ...root, body: { ...root.body, value: { ...root.body.value, thread: toThread(summary) } } }
    : root;

/** How somebody has a thread; who is no member follows none. */
export const toThreadOf = (root: Entry, row: ReaderRow | undefined): Thread =>
  row
    ? {
        root: asOf(root, row),
        following: row.following,
        readSeq: row.readSeq,
        unread: row.unread,
        revision: row.revision,
      }
    : { root, following: false, readSeq: 0, unread: 0, revision: 0 };

/** For the devices of whose it is. */
export const threadMarked = (row: FollowerRow): { body: Hint } => ({
  body: { $case: 'threadMarked', value: row },
});
