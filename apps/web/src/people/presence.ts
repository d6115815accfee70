import type { Presence } from '@veche/client';
import { useSyncExternalStore } from 'react';
import { useChat } from '../chat/chat';
import { useFormats, useMessages } from '../i18n/i18n';

const nothing = (): (() => void) => () => undefined;

/** Whether somebody is here; undefined until it is known, and for nobody. */
export const usePresence = (id: string | undefined): Presence | undefined => {
  const { presence } = useChat();
  const watched = id === undefined ? undefined : presence(id);
  return useSyncExternalStore(watched?.subscribe ?? nothing, () => watched?.get());
};

/** What somebody says of themself: an emoji, words, or both; '' where they say nothing. */
export const useStatusText = (id: string | undefined): string => {
  const status = usePresence(id)?.status;
  return [status?.emoji, status?.text].filter(Boolean).join(' ');
};

/** Whether somebody is here, and what they say of themself, in words. */
export const usePresenceText = (id: string | undefined): string => {
  const { people } = useMessages();
  const formats = useFormats();
  const said = useStatusText(id);
  const presence = usePresence(id);
  if (!presence) return '';
  const { availability, lastSeenAt } = presence;
  const seen = lastSeenAt === undefined ? undefined : people.lastSeen(formats.moment(new Date(lastSeenAt)));
  const is = availability === 'offline' ? (seen ?? people.offline) : people[availability];
  return [is, said].filter(Boolean).join(' · ');
};
