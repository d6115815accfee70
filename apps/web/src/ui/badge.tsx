import type { ReactNode } from 'react';
import { useMessages } from '../i18n/i18n';
import style from './badge.module.css';

/** A word beside a name, for what sets it apart. */
export const Badge = ({ warns, children }: { warns?: boolean; children: ReactNode }): ReactNode => (
  <span className={`${style.badge} ${warns ? style.warns : ''}`}>{children}</span>
);

interface UnreadProps {
  /** How many messages are unread, as far as anybody counts. */
  count: number;
  /** How many of them call the reader. */
  mentions?: number;
  /** Whether what does not call is a dot and no number: it is there, and waits. */
  isQuiet?: boolean;
  /** Whether it calls nobody: then there is no dot, and the number is not coloured. */
  isMuted?: boolean;
}

/** What is unread: a number where somebody is called, or where it is quiet, a dot. */
export const Unread = ({ count, mentions = 0, isQuiet = false, isMuted = false }: UnreadProps): ReactNode => {
  const { unread, mentioned } = useMessages();
  const number = isQuiet ? mentions : count;
  return (
    <span
      className={
        number === 0 ? (isMuted ? '' : style.dot) : `${style.unread} ${isMuted ? style.isMuted : ''}`
      }
    >
      {number > 0 && <span aria-hidden>{number > 99 ? '99+' : number}</span>}
      <span className="heard-only">
        {[unread(count), mentions > 0 ? mentioned(mentions) : ''].filter(Boolean).join(', ')}
      </span>
    </span>
  );
};
