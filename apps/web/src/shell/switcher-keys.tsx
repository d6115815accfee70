import { type ReactNode, useEffect, useState } from 'react';
import { useChat } from '../chat/chat';
import { useProblemText } from '../app/problem';
import { later } from '../ui/later';
import { toast } from '../ui/toast';
import { isWindowOpen } from '../ui/window-open';

const Switcher = later(() => import('./switcher').then(({ Switcher }) => Switcher));
const Shortcuts = later(() => import('./shortcuts').then(({ Shortcuts }) => Shortcuts));

type Window = 'switcher' | 'shortcuts';

const OPEN = 'veche:open';

const open = (window: Window): void => void dispatchEvent(new CustomEvent(OPEN, { detail: window }));
export const openSwitcher = (): void => open('switcher');
export const openShortcuts = (): void => open('shortcuts');

const isWriting = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/**
 * The keys that mean the same wherever one is: those of the switcher, the list of all keys, and what reads everything.
 * The first two also open by {@link openSwitcher} and {@link openShortcuts}.
 */
export const SwitcherKeys = (): ReactNode => {
  const [shown, setShown] = useState<Window>();
  const { markAllRead } = useChat();
  const text = useProblemText();
  useEffect(() => {
    const show = (event: Event): void => setShown((event as CustomEvent<Window>).detail);
    const press = (event: KeyboardEvent): void => {
      const { code, key, altKey, shiftKey, ctrlKey, metaKey, target } = event;
      // by the place of the key: a Russian keyboard has another letter there
      if (code === 'KeyK' && !altKey && !shiftKey && ctrlKey !== metaKey) {
        event.preventDefault();
        return setShown((was) => (was === 'switcher' ? undefined : 'switcher'));
      }
      if (event.defaultPrevented || altKey || ctrlKey || metaKey || isWindowOpen()) return;
      if (key === '?' && !isWriting(target)) setShown('shortcuts');
      else if (key === 'Escape' && shiftKey) markAllRead().catch((error: unknown) => toast(text(error)));
      else return;
      event.preventDefault();
    };
    addEventListener(OPEN, show);
    addEventListener('keydown', press);
    return () => {
      removeEventListener(OPEN, show);
      removeEventListener('keydown', press);
    };
  });
  const close = (): void => setShown(undefined);
  if (shown === 'switcher') return <Switcher onClose={close} />;
  return shown === 'shortcuts' && <Shortcuts onClose={close} />;
};
