import { type ReactNode, useRef, useState } from 'react';
import { useMessages } from '../i18n/i18n';
import { straight } from '../i18n/isolated';
import { usePerson } from './people';
import style from './person-name.module.css';
import { PersonCard } from './windows';

interface PersonNameProps {
  id: string;
  /** What stands after the name, in it. */
  note?: string;
  tabIndex?: number;
}

/**
 * What somebody is called, with their username where another is called the same; a click shows who it is. A plain
 * button: there are many, and they come and go while one scrolls.
 */
export const PersonName = ({ id, note, tabIndex }: PersonNameProps): ReactNode => {
  const { somebody } = useMessages();
  const person = usePerson(id);
  const button = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);
  if (person === null) return <span className={style.name}>{somebody}</span>;
  if (!person) return null;
  return (
    <>
      <button
        ref={button}
        type="button"
        className={style.name}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        tabIndex={tabIndex}
        onClick={() => setOpen(true)}
      >
        <bdi>{straight(person.displayName)}</bdi>
        {person.nameShared && <span className={style.handle}> @{person.username}</span>}
        {note && ` ${note}`}
      </button>
      {isOpen && <PersonCard person={person} beside={button} onClose={() => setOpen(false)} />}
    </>
  );
};
