import type { ReactNode } from 'react';
import style from './badge.module.css';

/** A word beside a name, for what sets it apart. */
export const Badge = ({ warns, children }: { warns?: boolean; children: ReactNode }): ReactNode => (
  <span className={`${style.badge} ${warns ? style.warns : ''}`}>{children}</span>
);
