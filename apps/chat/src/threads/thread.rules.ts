/** A message, as that which a thread is to hang on. */
export interface Root {
  readonly isDeleted: boolean;
  readonly isInThread: boolean;
  /** Somebody has replied already. */
  readonly hasThread: boolean;
  /** The number of the newest reply; 0 where there is none. */
  readonly lastSeq: number;
}

/**
 * Whether there is a thread, or may be one: what was deleted begins none, and a thread that it has goes on. Threads have no
 * threads. `chat.append_messages` judges replies alike (migrations/).
 */
export const judgeRoot = (root: Root | undefined): 'allowed' | 'message_not_found' | 'already_in_thread' => {
  if (!root || (root.isDeleted && !root.hasThread)) return 'message_not_found';
  return root.isInThread ? 'already_in_thread' : 'allowed';
};
