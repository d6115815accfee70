import type { Entry, MessageCreated } from '@veche/protocol';
import { type Fetched, FetchedList } from './fetched';
import { foldShown, makesStale } from './fold';

/** The pinned messages of a room, the one that was pinned last first. */
export type Pins = Fetched<MessageCreated>;

export type PinList = FetchedList<readonly MessageCreated[], Entry, MessageCreated>;

/** The pinned messages of a room. One that is pinned is fetched with the others, since nobody may have read it yet. */
export const pinList = (fetch: () => Promise<readonly MessageCreated[]>, me: () => string): PinList =>
  new FetchedList<readonly MessageCreated[], Entry, MessageCreated>({
    empty: [],
    fetch,
    after: (messages, entries) => entries.reduce((is, entry) => after(is, entry, me()), messages),
    items: (messages) => messages,
    lacks: (messages, entry) =>
      (entry.type === 'message.pinned' && !messages.some(({ seq }) => seq === entry.target)) ||
      messages.some((message) => makesStale(message, entry)),
  });

const after = (messages: readonly MessageCreated[], entry: Entry, me: string): readonly MessageCreated[] => {
  const next = messages.map((message) => foldShown(message, entry, me));
  if (next.every((message, i) => message === messages[i])) return messages;
  return next.filter(({ pinnedAt }) => pinnedAt !== undefined);
};
