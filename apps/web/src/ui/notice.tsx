import { CircleAlert, Info } from 'lucide-react';
import type { ReactNode } from 'react';
import style from './notice.module.css';

/** Something to know, where it concerns; an error is also announced. */
export const Notice = ({
  kind = 'error',
  children,
  action,
}: {
  kind?: 'error' | 'info';
  children: ReactNode;
  action?: ReactNode;
}): ReactNode => (
  <div className={`${style.notice} ${style[kind]}`} role={kind === 'error' ? 'alert' : undefined}>
    {kind === 'error' ? <CircleAlert size={18} aria-hidden /> : <Info size={18} aria-hidden />}
    <div className={style.text}>{children}</div>
    {action}
  </div>
);

/** A place with nothing in it: why, and what to do. */
export const Empty = ({
  icon,
  title,
  text,
  heading: Heading = 'h2',
  children,
}: {
  icon: ReactNode;
  title: string;
  text?: string;
  /** `h1` where it is the whole page. */
  heading?: 'h1' | 'h2';
  children?: ReactNode;
}): ReactNode => (
  <div className={style.empty}>
    {icon}
    <Heading className={style.emptyTitle}>{title}</Heading>
    {text && <p className={style.emptyText}>{text}</p>}
    {children && <div className={style.emptyActions}>{children}</div>}
  </div>
);
