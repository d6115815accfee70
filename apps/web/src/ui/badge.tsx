import type { ReactNode } from 'react';
import { useMessages } from '../i18n/i18n';
import style from './badge.module.css';

/** A word beside a name, for what sets it apart. */
export const Badge = ({ warns, children }: { warns?: boolean; children: ReactNode }): ReactNode => (
  <span className={`${style.badge} ${warns ? style.warns : ''}`}>{children}</span>
);

/** How many messages are unread, as far as anybody counts. */
export const Unread = ({ count }: { count: number }): ReactNode => {
  const { unread } = useMessages();
  return (
    <span className={style.unread}>
      <span aria-hidden>{count > 99 ? '99+' : count}</span>
      <span className="heard-only">{unread(count)}</span>
    </span>
  );
};
