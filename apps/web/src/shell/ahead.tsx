import { useRouter } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import { useConnection } from '../chat/chat';
import { CATALOGUES } from '../i18n/i18n';
import { useMe } from '../session/session';
import { windows } from '../ui/later';

const ADMINS_ONLY = '/members/admin';
/** Where a browser does not tell when it is idle, as Safari does not. */
const PAUSE_MS = 200;

/** Fetches what may be opened later, while there is a connection, and nobody waits for anything else. */
export const Ahead = (): ReactNode => {
  const router = useRouter();
  const isAdmin = useMe().role === 'admin';
  const isOnline = useConnection().status === 'online';
  useEffect(() => {
    if (!isOnline) return;
    let isWanted = true;
    const parts = function* (): Generator<() => unknown> {
      if (!savesData()) {
        // the menus of this page first: who loses the connection may still want to log out
        yield* [...windows];
        for (const route of Object.values(router.routesById))
          if (isAdmin || !route.id.startsWith(ADMINS_ONLY)) yield () => router.loadRouteChunk(route);
        // those of all pages, which are here by now
        yield* windows;
        yield* Object.values(CATALOGUES);
      }
      yield fetchLostStyles;
    };
    void (async () => {
      for (const fetch of parts()) {
        await idle();
        if (!isWanted) return;
        await quietly(fetch);
      }
    })();
    return () => {
      isWanted = false;
    };
  }, [router, isAdmin, isOnline]);
  return null;
};

const savesData = (): boolean =>
  Boolean((navigator as { connection?: { saveData?: boolean } }).connection?.saveData);

const idle = (): Promise<unknown> =>
  new Promise((resolve) => {
    const { requestIdleCallback } = window as Partial<Window>;
    if (requestIdleCallback) requestIdleCallback(resolve);
    else setTimeout(resolve, PAUSE_MS);
  });

/** What cannot be had before anybody wants it is no reason to load the page anew. */
const quietly = async (fetch: () => unknown): Promise<void> => {
  const keep = (event: Event): void => event.preventDefault();
  addEventListener('vite:preloadError', keep);
  try {
    await fetch();
  } catch {
    // it is fetched when it is wanted
  } finally {
    removeEventListener('vite:preloadError', keep);
  }
};

/** A script that did not come is asked for again when it is wanted, but not so its style. */
const lostStyles = new Set<HTMLLinkElement>();
addEventListener(
  'error',
  ({ target }) => {
    if (target instanceof HTMLLinkElement && target.rel === 'stylesheet') lostStyles.add(target);
  },
  true,
);

const fetchLostStyles = (): void => {
  for (const link of lostStyles) link.replaceWith(link.cloneNode());
  lostStyles.clear();
};
