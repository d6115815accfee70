import { Search } from 'lucide-react';
import {
  type KeyboardEvent,
  memo,
  type ReactNode,
  useDeferredValue,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { spokenLanguage, usePreferences } from '../appearance/preferences';
import { useMessages } from '../i18n/i18n';
import { Skeleton } from '../ui/skeleton';
import { toast } from '../ui/toast';
import { EMOJI, findEmoji, GROUP_NAMES, type NamedEmoji } from './emoji';
import style from './react-with.module.css';

interface PickerProps {
  onChoose: (emoji: string) => void;
  /** The emoji could not be fetched. */
  onLost: () => void;
}

interface Shelf {
  name: string;
  emoji: readonly NamedEmoji[];
}

/** All emoji by their groups, to be found by their names in the language of whoever looks for them. */
export const Picker = ({ onChoose, onLost }: PickerProps): ReactNode => {
  const { problems, loading, reacting } = useMessages();
  const language = spokenLanguage(usePreferences());
  const [all, setAll] = useState<readonly NamedEmoji[]>();
  useEffect(() => {
    let isWanted = true;
    EMOJI[language]().then(
      (emoji) => isWanted && setAll(emoji),
      () => {
        if (!isWanted) return;
        toast(problems.network);
        onLost();
      },
    );
    return () => {
      isWanted = false;
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- it is loaded once for a language
  }, [language]);

  const [text, setText] = useState('');
  const sought = useDeferredValue(text).trim();
  const shelves = useMemo<Shelf[]>(() => {
    if (!all) return [];
    if (sought) {
      const found = findEmoji(all, sought);
      return found.length > 0 ? [{ name: reacting.found, emoji: found }] : [];
    }
    return GROUP_NAMES.map((name) => ({
      name: reacting.groups[name],
      emoji: all.filter(({ group }) => group === name),
    }));
  }, [all, sought, reacting]);

  const [current, setCurrent] = useState<string>();
  const isThere = shelves.some(({ emoji }) => emoji.some((one) => one.emoji === current));
  const reachable = isThere ? current : shelves[0]?.emoji[0]?.emoji;

  const field = useRef<HTMLInputElement>(null);
  const grid = useRef<HTMLDivElement>(null);
  const buttons = (): HTMLButtonElement[] => [...(grid.current?.querySelectorAll('button') ?? [])];
  const seek = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowDown' && (event.key !== 'Enter' || !sought)) return;
    event.preventDefault();
    const [first] = buttons();
    if (event.key === 'ArrowDown') first?.focus();
    else first?.click();
  };
  const walk = (event: KeyboardEvent): void => {
    const to = neighbour(buttons(), event.target as HTMLElement, event.key);
    if (to === undefined) return;
    event.preventDefault();
    (to ?? field.current)?.focus();
  };
  return (
    <div className={style.picker}>
      <div className={style.bar}>
        <Search size={16} aria-hidden />
        <input
          ref={field}
          type="search"
          className={style.input}
          aria-label={reacting.search}
          placeholder={reacting.search}
          dir="auto"
          autoComplete="off"
          autoFocus
          value={text}
          onChange={({ target }) => setText(target.value)}
          onKeyDown={seek}
        />
      </div>
      <div
        ref={grid}
        className={style.shelves}
        onKeyDown={walk}
        onFocus={({ target }) => setCurrent(target.dataset.emoji)}
        onClick={({ target }) => {
          const { emoji } = (target as HTMLElement).dataset;
          if (emoji) onChoose(emoji);
        }}
      >
        {!all && (
          <div role="status" aria-label={loading}>
            <Skeleton width="60%" height="1rem" />
          </div>
        )}
        {all && shelves.length === 0 && (
          <p className={style.nothing} role="status">
            {reacting.nothing(sought)}
          </p>
        )}
        {shelves.map(({ name, emoji }) => (
          <Section
            key={name}
            name={name}
            emoji={emoji}
            // the others are as they were, and are not drawn again
            reachable={emoji.some((one) => one.emoji === reachable) ? reachable : undefined}
          />
        ))}
      </div>
    </div>
  );
};

const Section = memo(
  ({ name, emoji: all, reachable }: Shelf & { reachable: string | undefined }): ReactNode => (
    <section className={style.shelf} aria-label={name}>
      <h3>{name}</h3>
      <div className={style.grid}>
        {all.map(({ emoji, label }) => (
          <button
            key={emoji}
            type="button"
            className={style.emoji}
            data-emoji={emoji}
            aria-label={label}
            title={label}
            tabIndex={emoji === reachable ? 0 : -1}
          >
            {emoji}
          </button>
        ))}
      </div>
    </section>
  ),
);

/** Where an arrow leads from one of them: null above the first row, undefined nowhere. */
const neighbour = (
  buttons: readonly HTMLButtonElement[],
  from: HTMLElement,
  key: string,
): HTMLButtonElement | null | undefined => {
  const index = buttons.findIndex((one) => one === from);
  if (index < 0) return undefined;
  if (key === 'ArrowRight') return buttons[index + 1];
  if (key === 'ArrowLeft') return buttons[index - 1];
  if (key !== 'ArrowDown' && key !== 'ArrowUp') return undefined;
  const step = key === 'ArrowDown' ? 1 : -1;
  const { top, left } = from.getBoundingClientRect();
  let nearest: { it: HTMLButtonElement; top: number; off: number } | undefined;
  for (let i = index + step, it = buttons[i]; it; it = buttons[(i += step)]) {
    const place = it.getBoundingClientRect();
    if (place.top === top) continue;
    if (nearest && place.top !== nearest.top) break;
    const off = Math.abs(place.left - left);
    if (!nearest || off < nearest.off) nearest = { it, top: place.top, off };
  }
  return nearest?.it ?? (step === -1 ? null : undefined);
};
