import type { Reaction } from '@veche/client';
import { SmilePlus } from 'lucide-react';
import { type ReactNode, useLayoutEffect, useRef } from 'react';
import { useFormats, useMessages } from '../i18n/i18n';
import { useNames } from '../people/people';
import { useMe } from '../session/session';
import style from './chips.module.css';

interface ChipsProps {
  reactions: readonly Reaction[];
  /** Whether Tab comes to them. */
  isCurrent: boolean;
  onToggle: (emoji: string) => void;
  /** One wants to react with another emoji, chosen beside this element. */
  onMore: (beside: HTMLElement) => void;
}

/** How people reacted to a message. Plain buttons: there are many, and they come and go while one scrolls. */
export const Chips = ({ reactions, isCurrent, onToggle, onMore }: ChipsProps): ReactNode => {
  const { reacting } = useMessages();
  const tabIndex = isCurrent ? 0 : -1;
  return (
    <ul className={style.chips} aria-label={reacting.reactions}>
      {reactions.map((reaction) => (
        <li key={reaction.emoji}>
          <Chip reaction={reaction} tabIndex={tabIndex} onToggle={onToggle} />
        </li>
      ))}
      <li>
        <button
          type="button"
          className={style.chip}
          aria-label={reacting.add}
          title={reacting.add}
          aria-haspopup="dialog"
          tabIndex={tabIndex}
          onClick={({ currentTarget }) => onMore(currentTarget)}
        >
          <SmilePlus size={14} aria-hidden />
        </button>
      </li>
    </ul>
  );
};

interface ChipProps {
  reaction: Reaction;
  tabIndex: number;
  onToggle: (emoji: string) => void;
}

const Chip = ({ reaction: { emoji, count, mine, userIds }, tabIndex, onToggle }: ChipProps): ReactNode => {
  const { you, reacting } = useMessages();
  const formats = useFormats();
  const me = useMe();
  const others = userIds.filter((id) => id !== me.id);
  const names = useNames(others);
  const unnamed = count - others.length - (mine ? 1 : 0);
  const who = formats.list([
    ...(mine ? [you] : []),
    ...names,
    ...(unnamed > 0 ? [reacting.others(unnamed)] : []),
  ]);

  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    const { current } = button;
    return () => {
      // who takes back the only one stays at the message, and not at the beginning of the page
      if (current && current === document.activeElement)
        current.closest<HTMLElement>('[data-key]')?.focus({ preventScroll: true });
    };
  }, []);
  return (
    <button
      ref={button}
      type="button"
      className={style.chip}
      aria-pressed={mine}
      aria-label={`${emoji} ${formats.number(count)}: ${who}`}
      title={who}
      tabIndex={tabIndex}
      onClick={() => onToggle(emoji)}
    >
      <span className={style.emoji}>{emoji}</span>
      {formats.number(count)}
    </button>
  );
};
