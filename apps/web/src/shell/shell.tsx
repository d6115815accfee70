import { Outlet, useLocation } from '@tanstack/react-router';
import { type ReactNode, useRef } from 'react';
import { Chat } from '../chat/chat';
import { ConnectionBar } from '../chat/connection-bar';
import { useMessages } from '../i18n/i18n';
import { Attention } from '../notifications/attention';
import { BackToResults } from '../search/back-to-results';
import { SearchKeys } from '../search/search-keys';
import { useSession } from '../session/session';
import { Side } from '../side/side';
import { Ahead } from './ahead';
import { useIsNarrow } from './narrow';
import { SwitcherKeys } from './switcher-keys';
import style from './shell.module.css';

/** What is around every page of somebody who is logged in: their rooms beside it, and the connection. */
export const Shell = (): ReactNode => {
  const { shell } = useMessages();
  const { pathname } = useLocation();
  const isList = pathname === '/';
  const isNarrow = useIsNarrow();
  const main = useRef<HTMLElement>(null);
  const { status } = useSession();
  // logged out a moment ago: the router is about to lead away from here
  if (status !== 'in') return null;
  return (
    <Chat>
      <a
        className={style.skip}
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        {shell.skip}
      </a>
      <div className={style.shell} data-at={isList ? 'list' : 'page'}>
        <div
          className={style.side}
          aria-label={shell.side}
          role={isList && isNarrow ? 'main' : 'complementary'}
        >
          {isList && <h1 className="heard-only">{shell.rooms}</h1>}
          <Side />
        </div>
        <main id="main" ref={main} tabIndex={-1} className={style.main}>
          <ConnectionBar />
          <BackToResults />
          <Outlet />
        </main>
      </div>
      <SwitcherKeys />
      <SearchKeys />
      <Attention />
      <Ahead />
    </Chat>
  );
};
