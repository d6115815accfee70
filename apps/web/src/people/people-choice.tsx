import type { Profile } from '@veche/client';
import type { ReactNode } from 'react';
import { useMessages } from '../i18n/i18n';
import { Avatar } from '../ui/avatar';
import { Tags } from '../ui/tags';
import { PeopleSearch } from './people-search';
import style from './people-choice.module.css';

interface PeopleChoiceProps {
  label: string;
  chosen: readonly Profile[];
  onChange: (chosen: Profile[]) => void;
}

/** A field of a form: any number of people, found by name one after the other. */
export const PeopleChoice = ({ label, chosen, onChange }: PeopleChoiceProps): ReactNode => {
  const { people } = useMessages();
  return (
    <div className={style.choice}>
      <PeopleSearch
        label={label}
        taken={new Map(chosen.map(({ id }) => [id, people.isChosen]))}
        onChoose={(person) => onChange([...chosen, person])}
        isField
      />
      {chosen.length > 0 && (
        <Tags
          label={people.chosen}
          items={chosen.map(({ id, displayName }) => ({
            id,
            mark: <Avatar id={id} name={displayName} size="small" />,
            name: displayName,
          }))}
          onRemove={(id) => onChange(chosen.filter((person) => person.id !== id))}
        />
      )}
    </div>
  );
};
