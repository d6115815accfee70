import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  notFound,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { session } from '../session/session';
import { readSearch, type Search, writeSearch } from './search';
import { Crashed, NotFound, Starting, Unreachable } from './states';

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound, errorComponent: Crashed });

const isIn = (): boolean => session.get().status === 'in';

/** Waits until it is known whether somebody is logged in. */
const known = (): Promise<void> =>
  new Promise((resolve) => {
    const look = (): void => {
      if (session.get().status === 'starting') return;
      stop();
      resolve();
    };
    const stop = session.subscribe(look);
    look();
  });

const guests = createRoute({
  getParentRoute: () => root,
  id: 'guests',
  validateSearch: ({ then }: Search): Pick<Search, 'then'> => (then === undefined ? {} : { then }),
  beforeLoad: async ({ search }) => {
    await known();
    if (isIn()) throw redirect({ href: search.then ?? '/', replace: true });
  },
  component: Outlet,
});
const login = createRoute({
  getParentRoute: () => guests,
  path: '/login',
  component: lazyRouteComponent(() => import('../welcome/login'), 'Login'),
});
const register = createRoute({
  getParentRoute: () => guests,
  path: '/register',
  component: lazyRouteComponent(() => import('../welcome/register'), 'Register'),
});

const members = createRoute({
  getParentRoute: () => root,
  id: 'members',
  beforeLoad: async ({ location }) => {
    await known();
    if (session.get().status === 'unreachable') throw new Unreachable();
    if (!isIn())
      throw redirect({
        to: '/login',
        search: location.href === '/' ? {} : { then: location.href },
        replace: true,
      });
  },
  component: lazyRouteComponent(() => import('../shell/shell'), 'Shell'),
  notFoundComponent: NotFound,
});
const home = createRoute({
  getParentRoute: () => members,
  path: '/',
  component: lazyRouteComponent(() => import('../shell/home'), 'Home'),
});
const browse = createRoute({
  getParentRoute: () => members,
  path: '/browse',
  component: lazyRouteComponent(() => import('../rooms/browse'), 'Browse'),
});
const room = createRoute({
  getParentRoute: () => members,
  path: '/rooms/$roomId',
  validateSearch: ({ at, thread }: Search): Pick<Search, 'at' | 'thread'> => ({
    ...(at !== undefined && { at }),
    ...(thread !== undefined && { thread }),
  }),
  component: lazyRouteComponent(() => import('../room/room-page'), 'RoomPage'),
});
const threads = createRoute({
  getParentRoute: () => members,
  path: '/threads',
  component: lazyRouteComponent(() => import('../threads/threads-page'), 'ThreadsPage'),
});
const search = createRoute({
  getParentRoute: () => members,
  path: '/search',
  validateSearch: ({ q, room, has, order }: Search): Omit<Search, 'then' | 'at' | 'thread'> => ({
    ...(q !== undefined && { q }),
    ...(room !== undefined && { room }),
    ...(has !== undefined && { has }),
    ...(order !== undefined && { order }),
  }),
  component: lazyRouteComponent(() => import('../search/search-page'), 'SearchPage'),
});
const settings = createRoute({
  getParentRoute: () => members,
  path: '/settings',
  component: lazyRouteComponent(() => import('../settings/settings'), 'Settings'),
});
const settingsStart = createRoute({
  getParentRoute: () => settings,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/settings/profile', replace: true });
  },
});
const profile = createRoute({
  getParentRoute: () => settings,
  path: '/profile',
  component: lazyRouteComponent(() => import('../settings/profile'), 'Profile'),
});
const password = createRoute({
  getParentRoute: () => settings,
  path: '/password',
  component: lazyRouteComponent(() => import('../settings/password'), 'Password'),
});
const sessions = createRoute({
  getParentRoute: () => settings,
  path: '/sessions',
  component: lazyRouteComponent(() => import('../settings/sessions'), 'Sessions'),
});
const preferences = createRoute({
  getParentRoute: () => settings,
  path: '/preferences',
  component: lazyRouteComponent(() => import('../settings/preferences'), 'Preferences'),
});

const admin = createRoute({
  getParentRoute: () => members,
  path: '/admin',
  beforeLoad: () => {
    const state = session.get();
    if (state.status === 'in' && state.user.role !== 'admin') notFound({ throw: true });
  },
  component: lazyRouteComponent(() => import('../admin/administration'), 'Administration'),
});
const adminStart = createRoute({
  getParentRoute: () => admin,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/admin/users', replace: true });
  },
});
const users = createRoute({
  getParentRoute: () => admin,
  path: '/users',
  component: lazyRouteComponent(() => import('../admin/users'), 'Users'),
});
const allRooms = createRoute({
  getParentRoute: () => admin,
  path: '/rooms',
  component: lazyRouteComponent(() => import('../admin/rooms'), 'Rooms'),
});
const apiKeys = createRoute({
  getParentRoute: () => admin,
  path: '/api-keys',
  component: lazyRouteComponent(() => import('../admin/api-keys'), 'ApiKeys'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    guests.addChildren([login, register]),
    members.addChildren([
      home,
      browse,
      room,
      threads,
      search,
      settings.addChildren([settingsStart, profile, password, sessions, preferences]),
      admin.addChildren([adminStart, users, allRooms, apiKeys]),
    ]),
  ]),
  parseSearch: readSearch,
  stringifySearch: writeSearch,
  defaultPendingComponent: Starting,
  defaultPendingMs: 300,
  defaultErrorComponent: Crashed,
  defaultPreload: 'intent',
});

// who logs in or out goes where they belong, whichever tab it happened in
let wasIn = isIn();
session.subscribe(() => {
  if (wasIn === isIn()) return;
  wasIn = isIn();
  void router.invalidate();
});

declare module '@tanstack/history' {
  interface HistoryState {
    /** The room that one came to a search from. */
    near?: string;
    /** Whether one came to this place from what a search has found. */
    found?: boolean;
  }
}

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
