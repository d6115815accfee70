import type { Profile, Watchable } from '@veche/client';
import { useCallback, useSyncExternalStore } from 'react';
import { useChat, useWatched } from '../chat/chat';
import { useMessages } from '../i18n/i18n';
import { straight } from '../i18n/isolated';
import type { Messages } from '../i18n/en';

const NOBODY: Watchable<undefined> = { get: () => undefined, subscribe: () => () => undefined };

/** null: their account is gone */
type Known = Profile | null | undefined;

/** Who has this id; undefined while that is on its way. */
export const usePerson = (id: string | undefined): Known => {
  const { person } = useChat();
  return useWatched<Known>(id === undefined ? NOBODY : person(id));
};

/** What to call them, told apart from others who are called the same: '' while it is on its way. */
export const nameOf = (person: Known, { somebody }: Messages): string => {
  if (!person) return person === null ? somebody : '';
  const name = straight(person.displayName);
  return person.nameShared ? `${name} (@${person.username})` : name;
};

export const useNameOf = (id: string | undefined): string => nameOf(usePerson(id), useMessages());

/** What several people are called, in their order; without those who are on their way. */
export const useNames = (ids: readonly string[]): string[] => {
  const { person } = useChat();
  const messages = useMessages();
  const all = ids.join(' ');
  const subscribe = useCallback(
    (changed: () => void) => {
      const stops = all
        .split(' ')
        .filter(Boolean)
        .map((id) => person(id).subscribe(changed));
      return () => stops.forEach((stop) => stop());
    },
    [person, all],
  );
  // a text, because it has to be the same as long as nothing of it has changed
  const names = useSyncExternalStore(subscribe, () =>
    ids.map((id) => nameOf(person(id).get(), messages)).join('\n'),
  );
  return names.split('\n').filter(Boolean);
};
