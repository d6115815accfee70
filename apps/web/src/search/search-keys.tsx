import { useNavigate, useRouter } from '@tanstack/react-router';
import { type ReactNode, useCallback, useEffect } from 'react';

/** How the keys of the search are written on this system. */
export const SEARCH_KEYS = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘F' : 'Ctrl F';

/** Whether these are the keys that a browser finds something on its page by. */
export const isFind = ({ code, altKey, shiftKey, ctrlKey, metaKey }: KeyboardEvent): boolean =>
  // by the place of the key: a Russian keyboard has another letter there
  code === 'KeyF' && !altKey && !shiftKey && ctrlKey !== metaKey;

/** Goes to the search, in one room where that is told. */
export const useOpenSearch = (): ((roomId?: string) => void) => {
  const navigate = useNavigate();
  return useCallback(
    (roomId) =>
      void navigate({
        to: '/search',
        ...(roomId && { search: { room: roomId }, state: { near: roomId } }),
      }),
    [navigate],
  );
};

const ROOM = /^\/rooms\/([^/]+)$/;

/**
 * Opens the search by the keys that one finds something with: a list that has only what is in sight in the page, as a room
 * and the rooms do, is not searched by the browser. Pages that are there as a whole are left to it, and so are windows.
 */
export const SearchKeys = (): ReactNode => {
  const router = useRouter();
  const open = useOpenSearch();
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (!isFind(event) || event.defaultPrevented || document.querySelector('[role$=dialog]')) return;
      const { pathname } = router.state.location;
      const [, roomId] = ROOM.exec(pathname) ?? [];
      if (pathname !== '/' && roomId === undefined) return;
      event.preventDefault();
      open(roomId);
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [router, open]);
  return null;
};
