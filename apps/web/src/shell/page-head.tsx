import { Link } from '@tanstack/react-router';
import { ChevronLeft } from 'lucide-react';
import type { ReactNode } from 'react';
import { useMessages } from '../i18n/i18n';
import style from './page-head.module.css';

interface PageHeadProps {
  mark?: ReactNode;
  title: string;
  text?: string;
  /** What can be done with the whole page. */
  children?: ReactNode;
}

/** The bar above a page; on a narrow screen also the way back to the list. */
export const PageHead = ({ mark, title, text, children }: PageHeadProps): ReactNode => {
  const { back } = useMessages();
  return (
    <header className={style.head}>
      <Link to="/" className={style.back} aria-label={back}>
        <ChevronLeft size={22} />
      </Link>
      {mark}
      <div className={style.names}>
        <h1 className={style.title} dir="auto">
          {title}
        </h1>
        {text && (
          <p className={style.text} dir="auto">
            {text}
          </p>
        )}
      </div>
      {children && <div className={style.actions}>{children}</div>}
    </header>
  );
};
