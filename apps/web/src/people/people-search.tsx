import { isFoundBy, type Profile } from '@veche/client';
import { keepPreviousData } from '@tanstack/react-query';
import { type ReactNode, useDeferredValue, useState } from 'react';
import { useQuery } from '../app/queries';
import { useProblemText } from '../app/problem';
import { useMessages } from '../i18n/i18n';
import { api, useMe } from '../session/session';
import { Avatar } from '../ui/avatar';
import { Search } from '../ui/search';
import style from './people-search.module.css';

interface PeopleSearchProps {
  label: string;
  onChoose: (person: Profile) => void;
  /** Those who cannot be chosen, and why: shown beside their name. */
  taken?: ReadonlyMap<string, string>;
  /**
   * Whether it is one field of a form, and not what its window is there for: it leaves the focus to the first field,
   * and takes room for a list only while something is typed.
   */
  isField?: boolean;
}

/** Finds somebody else by the beginning of a word of their name. */
export const PeopleSearch = ({ label, onChoose, taken, isField }: PeopleSearchProps): ReactNode => {
  const { people, loading, you } = useMessages();
  const me = useMe();
  const problem = useProblemText();
  const [text, setText] = useState('');
  const [round, setRound] = useState(0);
  // a fast hand does not make a request of every letter
  const wanted = useDeferredValue(text.trim().replace(/^@/, ''));
  const { data, error, isFetching, isPlaceholderData } = useQuery({
    queryKey: ['people', wanted],
    queryFn: ({ signal }) => api.users.search(wanted, { signal, limit: 20 }),
    enabled: wanted !== '',
    placeholderData: keepPreviousData,
  });
  const known = wanted ? (data?.items ?? []) : [];
  // of what was found for less, nobody who is not meant any more: Enter would choose them
  const isMeant = ({ username, displayName }: Profile): boolean => isFoundBy(wanted, username, displayName);
  const found = isPlaceholderData ? known.filter(isMeant) : known;
  const notes = new Map(taken).set(me.id, you);
  const nothing = error
    ? problem(error)
    : !wanted
      ? isField
        ? undefined
        : people.hint
      : isFetching
        ? loading
        : people.nobody(wanted);
  return (
    <div className={isField ? style.field : style.window}>
      <Search
        // a new one for each: the old one would go on to point at who was chosen, and is no more in the list
        key={round}
        autoFocus={!isField || round > 0}
        label={label}
        placeholder={people.placeholder}
        text={text}
        onText={setText}
        found={found.map(({ id, displayName, username }) => ({
          id,
          mark: <Avatar id={id} name={displayName} size="small" />,
          name: displayName,
          note: notes.get(id) ?? `@${username}`,
          isDisabled: notes.has(id),
        }))}
        nothing={nothing}
        onChoose={(id) => {
          const person = found.find((one) => one.id === id);
          if (!person) return;
          setText('');
          setRound(round + 1);
          onChoose(person);
        }}
        look={isField ? 'field' : 'framed'}
      />
    </div>
  );
};
