import type { MessageCreated, ThreadSummary } from './entries';

/** Of those who write in a thread, so many are shown. */
export const MOST_PARTICIPANTS = 5;

/** A thread as you have it. */
export interface Thread {
  roomId: string;
  /** The number of the message that it hangs on. */
  threadSeq: number;
  /** That message. */
  root: MessageCreated;
  /** Whether you follow it: you have written in it, or wrote what it hangs on, or were mentioned in it, or chose to. */
  following: boolean;
  /** How far you have read in it; 0 where you have never followed it. */
  readSeq: number;
  /** Replies of others after that which are not deleted; 0 where you do not follow it. */
  unread: number;
  /**
   * Grows with what you change other than by reading on, and with each time that you join the room: of two states the one
   * with more is the newer. Left out where you are no member.
   */
  revision?: number;
}

/**
 * What there is in a thread after one more reply; the same object where that is in it already. Server and clients count
 * alike.
 */
export const foldReply = (
  thread: ThreadSummary | undefined,
  { seq, at, actorId }: Pick<MessageCreated, 'seq' | 'at' | 'actorId'>,
): ThreadSummary => {
  if (thread && seq <= thread.countedSeq) return thread;
  const others = (thread?.participants ?? []).filter((id) => id !== actorId);
  return {
    replies: (thread?.replies ?? 0) + 1,
    lastSeq: seq,
    lastAt: at,
    participants: [actorId, ...others].slice(0, MOST_PARTICIPANTS),
    countedSeq: seq,
  };
};
