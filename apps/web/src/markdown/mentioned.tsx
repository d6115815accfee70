import { Link } from '@tanstack/react-router';
import type { Mention } from '@veche/client';
import { type ReactNode, useRef, useState } from 'react';
import { straight } from '../i18n/isolated';
import { usePerson } from '../people/people';
import { PersonCard } from '../people/windows';
import { useMe } from '../session/session';
import style from './mentioned.module.css';

/** Whom or what a text mentions, in its place. */
export const Mentioned = ({ mention, typed }: { mention: Mention; typed: string }): ReactNode => {
  if (mention.kind === 'user' && mention.id !== undefined) return <Person id={mention.id} typed={typed} />;
  if (mention.kind === 'roomLink' && mention.id !== undefined)
    return (
      <Link to="/rooms/$roomId" params={{ roomId: mention.id }} className={style.mention}>
        <bdi>{typed}</bdi>
      </Link>
    );
  return <span className={`${style.mention} ${style.isMe}`}>{typed}</span>;
};

/** By the name they have now; a click shows who it is. A plain button: there are many. */
const Person = ({ id, typed }: { id: string; typed: string }): ReactNode => {
  const me = useMe();
  const person = usePerson(id);
  const button = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);
  if (!person) return typed;
  return (
    <>
      <button
        ref={button}
        type="button"
        className={`${style.mention} ${id === me.id ? style.isMe : ''}`}
        title={`@${person.username}`}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onClick={() => setOpen(true)}
      >
        <bdi>@{straight(person.displayName)}</bdi>
      </button>
      {isOpen && <PersonCard person={person} beside={button} onClose={() => setOpen(false)} />}
    </>
  );
};
