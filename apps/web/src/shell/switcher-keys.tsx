import { type ReactNode, useEffect, useState } from 'react';
import { later } from '../ui/later';

const Switcher = later(() => import('./switcher').then(({ Switcher }) => Switcher));

/** How the keys of the switcher are written on this system. */
export const SWITCHER_KEYS = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘K' : 'Ctrl K';

const OPEN = 'veche:switcher';

export const openSwitcher = (): void => void dispatchEvent(new Event(OPEN));

/** Opens the switcher by its keys wherever one is, and by {@link openSwitcher}. */
export const SwitcherKeys = (): ReactNode => {
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    const open = (): void => setOpen(true);
    const press = (event: KeyboardEvent): void => {
      // by the place of the key: a Russian keyboard has another letter there
      if (event.code !== 'KeyK' || event.altKey || event.shiftKey || event.ctrlKey === event.metaKey) return;
      event.preventDefault();
      setOpen((was) => !was);
    };
    addEventListener(OPEN, open);
    addEventListener('keydown', press);
    return () => {
      removeEventListener(OPEN, open);
      removeEventListener('keydown', press);
    };
  }, []);
  return isOpen && <Switcher onClose={() => setOpen(false)} />;
};
