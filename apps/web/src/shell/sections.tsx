import { Link, type LinkProps, Outlet } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { PageHead } from './page-head';
import style from './sections.module.css';

interface SectionsProps {
  title: string;
  sections: readonly { to: NonNullable<LinkProps['to']>; name: string; icon: ReactNode }[];
}

/** Pages that belong together, with the way from each to the others. */
export const Sections = ({ title, sections }: SectionsProps): ReactNode => (
  <div className={style.page}>
    <PageHead title={title} />
    <div className={style.columns}>
      <nav className={style.nav} aria-label={title}>
        {sections.map(({ to, name, icon }) => (
          <Link key={to} to={to} className={style.link}>
            {icon}
            {name}
          </Link>
        ))}
      </nav>
      <div className={style.content}>
        <Outlet />
      </div>
    </div>
  </div>
);
