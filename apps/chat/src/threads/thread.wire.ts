import type { Entry, Thread } from '@veche/contracts';
import type { Hint } from '../log/outbox.wire';
import type { FollowerRow } from './followers.repository';

/** How somebody has a thread. */
export const toThreadOf = (
  root: Entry | undefined,
  follower: Pick<FollowerRow, 'following' | 'readSeq' | 'revision'> | undefined,
  unread: number,
): Thread => ({
  root,
  following: follower?.following ?? false,
  readSeq: follower?.readSeq ?? 0,
  unread,
  revision: follower?.revision ?? 0,
});

/** For the devices of whose it is. */
export const threadMarked = (row: FollowerRow): { body: Hint } => ({
  body: { $case: 'threadMarked', value: row },
});
