import type { Thread } from '@veche/client';
import { useChat, useWatched } from '../chat/chat';

/** The threads that one follows. */
export const useThreads = (): readonly Thread[] => useWatched(useChat().threads).items;

/** The path to a thread, in this client. */
export const threadLink = (roomId: string, threadSeq: number): string =>
  `/rooms/${roomId}?thread=${threadSeq}`;
