import { X } from 'lucide-react';
import { type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';
import { useMessages } from '../i18n/i18n';
import { IconButton } from '../ui/button';
import style from './panel.module.css';

interface PanelProps {
  label: string;
  title: string;
  wide?: boolean;
  /** Whether one writes in it: then it is wider still, and on a narrow screen above where one writes otherwise. */
  writes?: boolean;
  /** What it shows: a line of it that goes must not take the keyboard with it. */
  content: readonly unknown[];
  onClose: () => void;
  children: ReactNode;
}

/** What opens beside what is said. */
export const Panel = ({
  label,
  title,
  wide = false,
  writes = false,
  content,
  onClose,
  children,
}: PanelProps): ReactNode => {
  const { close } = useMessages();
  const panel = usePanel(onClose, content);
  return (
    <aside
      className={[style.panel, wide && style.wide, writes && style.writes].filter(Boolean).join(' ')}
      aria-label={label}
      ref={panel}
      tabIndex={-1}
    >
      <header className={style.head}>
        <h2 className={style.title}>{title}</h2>
        <IconButton label={close} onPress={onClose}>
          <X size={18} />
        </IconButton>
      </header>
      {children}
    </aside>
  );
};

/** The lines of a panel, which scroll in it. */
export const PanelList = ({ busy, children }: { busy: boolean; children: ReactNode }): ReactNode => (
  <ul className={style.list} aria-busy={busy}>
    {children}
  </ul>
);

/** It takes the keyboard, and gives it back to what had it when it goes. Escape closes it. */
const usePanel = (onClose: () => void, content: readonly unknown[]): RefObject<HTMLElement | null> => {
  const panel = useRef<HTMLElement>(null);
  const [before] = useState(() => document.activeElement);
  useEffect(() => {
    // something in it may have taken it already
    if (!panel.current?.contains(document.activeElement)) panel.current?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, [before]);
  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      if (document.activeElement === document.body) panel.current?.focus();
    });
    return () => cancelAnimationFrame(frame);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the caller says what it shows
  }, content);
  useEffect(() => {
    const escape = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      event.preventDefault();
      onClose();
    };
    addEventListener('keydown', escape);
    return () => removeEventListener('keydown', escape);
  }, [onClose]);
  return panel;
};
