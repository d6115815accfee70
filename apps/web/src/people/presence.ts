import type { Presence } from '@veche/client';
import { useSyncExternalStore } from 'react';
import { useChat } from '../chat/chat';

const nothing = (): (() => void) => () => undefined;

/** Whether somebody is here; undefined until it is known, and for nobody. */
export const usePresence = (id: string | undefined): Presence | undefined => {
  const { presence } = useChat();
  const watched = id === undefined ? undefined : presence(id);
  return useSyncExternalStore(watched?.subscribe ?? nothing, () => watched?.get());
};
