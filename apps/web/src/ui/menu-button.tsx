import { type KeyboardEvent, type ReactElement, type ReactNode, useRef, useState } from 'react';
import { useChosen } from './chosen';
import { later } from './later';
import type { MenuEntry } from './menu-entries';
import style from './menu.module.css';

const MenuEntries = later(() => import('./menu-entries').then(({ MenuEntries }) => MenuEntries));

/** What makes a button the one that opens a menu. */
interface Opens {
  onPress: () => void;
  'aria-haspopup': 'menu';
  'aria-expanded': boolean;
}

interface MenuButtonProps {
  label: string;
  /** The button that opens it. */
  trigger: (opens: Opens) => ReactElement;
  entries: readonly MenuEntry[];
}

/** A menu that a button opens, and whose script comes then: it is for what stands on the first pages. */
export const MenuButton = ({ label, trigger, entries }: MenuButtonProps): ReactNode => {
  const [isOpen, setOpen] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  const choose = useChosen(isOpen, place);
  const button = (): HTMLElement | undefined => place.current?.querySelector('button') ?? undefined;
  const openByArrow = ({ key, altKey, ctrlKey, metaKey }: KeyboardEvent): void => {
    if (altKey || ctrlKey || metaKey) return;
    if (key === 'ArrowDown' || key === 'ArrowUp') setOpen(true);
  };
  return (
    <>
      {/* around the button: what React Aria's hears itself, nobody else hears, and there are keys that mean the same everywhere */}
      <div ref={place} className={style.place} onKeyDown={openByArrow}>
        {trigger({
          onPress: () => setOpen(true),
          'aria-haspopup': 'menu',
          'aria-expanded': isOpen,
        })}
      </div>
      {isOpen && (
        <MenuEntries
          label={label}
          entries={entries}
          beside={button()}
          onChoose={choose}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
};
