import type { ListThreadsResponse, Thread } from '@veche/contracts';
import type * as json from '@veche/protocol';
import { messageToJson } from '../../entries/entry.wire';

export const threadToJson = (thread: Thread | undefined): json.Thread => {
  if (!thread) throw new Error('an answer came without its thread');
  const root = messageToJson(thread.root);
  const { following, readSeq, unread, revision } = thread;
  return {
    ...{ roomId: root.roomId, threadSeq: root.seq, root, following, readSeq, unread },
    ...(revision > 0 && { revision }),
  };
};

export const threadsToJson = ({
  threads,
  nextCursor,
}: ListThreadsResponse): { items: json.Thread[]; nextCursor?: string | undefined } => ({
  items: threads.map(threadToJson),
  nextCursor,
});
