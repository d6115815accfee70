import {
  createApi,
  createSession,
  type Credentials,
  type GetToken,
  type NewAccount,
  type PasswordChange,
  type User,
  VecheError,
} from '@veche/client';
import { useSyncExternalStore } from 'react';
import { channelTo } from '../device/channel';
import { kept } from '../device/kept';
import { forgetDrafts } from '../room/drafts';
import { forgetSearches } from '../search/recent';
import { deviceName } from './device-name';

export type SessionState =
  | { readonly status: 'starting' }
  /** Whether somebody is logged in could not be asked. */
  | { readonly status: 'unreachable' }
  /** `ended`: why, where it was not by the person in front of this browser. */
  | { readonly status: 'out'; readonly ended?: string | undefined }
  | { readonly status: 'in'; readonly user: User };

interface Token {
  value: string;
  madeAt: number;
  goodUntil: number;
}

/** What the tabs of a browser tell each other. */
type News = { kind: 'in'; user: User; token: Token } | { kind: 'out'; ended?: string | undefined };

/** A token that is this young is fresh enough for whoever asks for a fresh one. */
const FRESH_MS = 5_000;
/** How much of a token's life is used: the rest is for clocks and slow networks. */
const USED = 0.9;
/** Whose refresh cookie there may be, which no script can see; without it nobody asks the server in vain. */
const MAYBE = 'veche.logged-in';
/** Where the browser takes no cookies, each tab has a session of its own, for as long as it is open. */
const hasCookies = navigator.cookieEnabled;
/** What somebody has ended a session by, here or elsewhere: whoever uses this browser next may be somebody else. */
const DECIDED = new Set([undefined, 'ended', 'password_changed', 'account_disabled', 'account_deleted']);

/** Nobody is logged in any more, for certain. */
const isOver = (error: unknown): boolean =>
  error instanceof VecheError &&
  ['unauthenticated', 'invalid_token', 'invalid_proof', 'session_ended'].includes(error.code);

const reasonOf = (error: unknown): string => {
  if (!(error instanceof VecheError)) return 'ended';
  // the browser has let go of the cookie, whose time was over
  if (error.code === 'unauthenticated') return 'expired';
  return (error.code === 'session_ended' && error.detail) || 'ended';
};

/**
 * One tab after the other. Pages without TLS have no locks, and who blocks the data of sites is refused them; there the
 * server's grace for a used token must do.
 */
const inTurn = async (work: () => Promise<void>): Promise<void> => {
  const { locks } = navigator as { locks?: LockManager };
  let isTurn = false;
  const take = (): Promise<void> => {
    isTurn = true;
    return work();
  };
  try {
    await (locks ? locks.request('veche.renewal', take) : take());
  } catch (error) {
    if (isTurn) throw error;
    await work();
  }
};

const lifeOf = (token: string): number => {
  const [, payload = ''] = token.split('.');
  const { exp, iat } = JSON.parse(atob(payload.replace(/-/g, '+').replace(/_/g, '/'))) as {
    exp: number;
    iat: number;
  };
  return (exp - iat) * 1000;
};

/**
 * Who is logged in, in all tabs of this browser at once. The access token lives in their memory alone; the refresh
 * token is in a cookie. One tab renews at a time, and the others take over what it got.
 */
class Session {
  private state: SessionState = { status: 'starting' };
  private token?: Token;
  private renewal?: Promise<void>;
  private readonly listeners = new Set<() => void>();
  private readonly tabs = hasCookies ? channelTo('veche.session') : undefined;
  private readonly server = createSession({
    url: '',
    deviceName: deviceName(navigator.userAgent),
    tokenTransport: hasCookies ? 'cookie' : 'body',
  });

  constructor() {
    this.tabs?.addEventListener('message', ({ data }: MessageEvent<News>) => this.hear(data));
  }

  readonly get = (): SessionState => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** An access token to use now; `fresh` when the last one was refused or is about to expire. */
  readonly getToken: GetToken = async ({ fresh }) => {
    if (!this.isGood(fresh))
      await (this.renewal ??= inTurn(async () => {
        // another tab may have renewed while we waited for our turn
        if (!this.isGood(fresh)) await this.renew();
      }).finally(() => (this.renewal = undefined)));
    if (!this.token) throw new Error('nobody is logged in');
    return this.token.value;
  };

  /** Goes on with the session of before, if there is one. */
  readonly resume = async (): Promise<void> => {
    if (!hasCookies || (kept.outlives && kept.get(MAYBE) === undefined))
      return this.become({ status: 'out' });
    try {
      await this.getToken({ fresh: false });
    } catch {
      if (this.state.status === 'starting') this.become({ status: 'unreachable' });
    }
  };

  async logIn(credentials: Credentials): Promise<void> {
    await this.enter(await this.server.login(credentials));
  }

  async register(account: NewAccount): Promise<void> {
    await this.enter(await this.server.register(account));
  }

  /** @throws VecheError */
  async changePassword(change: PasswordChange): Promise<void> {
    // another tab that renewed at this moment would show a token that is void
    await inTurn(async () => {
      await this.server.changePassword(change);
      await this.renew();
    });
  }

  /** @throws VecheError where the server cannot be told: then nothing has changed, and the cookie would log in again. */
  async logOut(): Promise<void> {
    try {
      // another tab may have logged in anew since this one asked
      await this.server.getToken({ fresh: true });
      await this.server.logout();
    } catch (error) {
      if (!isOver(error)) throw error;
    }
    this.leave();
  }

  /** Whether whoever was here left on purpose, and may leave this machine to others. */
  get isLeft(): boolean {
    const { state } = this;
    return state.status === 'out' && (state.ended === undefined || state.ended === 'account_deleted');
  }

  /** The server says that the session is over, and why. */
  readonly end = (reason: string): void => {
    if (this.state.status === 'in') this.leave(reason);
  };

  /** Deletes the account of whoever is logged in. @throws VecheError */
  async deleteAccount(password: string): Promise<void> {
    await api.users.deleteMe({ password });
    this.leave('account_deleted');
  }

  /** Somebody has changed their profile. */
  changeUser(user: User): void {
    if (this.token) this.tell({ kind: 'in', user, token: this.token });
  }

  private isGood(fresh: boolean): boolean {
    if (!this.token) return false;
    const now = Date.now();
    const { madeAt, goodUntil } = this.token;
    // a clock that was set back says nothing about the token
    return (
      now >= madeAt &&
      now < goodUntil &&
      (!fresh || now - madeAt < Math.min(FRESH_MS, (goodUntil - madeAt) / 2))
    );
  }

  private async renew(): Promise<void> {
    try {
      const value = await this.server.getToken({ fresh: true });
      const user = this.server.user.get();
      if (user) this.take(value, user);
    } catch (error) {
      if (isOver(error)) this.leave(reasonOf(error));
      throw error;
    }
  }

  private async enter(user: User): Promise<void> {
    this.take(await this.server.getToken({ fresh: false }), user);
  }

  private take(value: string, user: User): void {
    const madeAt = Date.now();
    kept.set(MAYBE, user.id);
    this.tell({ kind: 'in', user, token: { value, madeAt, goodUntil: madeAt + lifeOf(value) * USED } });
  }

  private leave(reason?: string): void {
    // who logs out knows why, in whichever tab
    this.tell({ kind: 'out', ended: reason === 'logout' ? undefined : reason });
    kept.remove(MAYBE);
  }

  private tell(news: News): void {
    this.hear(news);
    this.tabs?.postMessage(news);
  }

  private hear(news: News): void {
    if (news.kind === 'out') {
      const whose = this.state.status === 'in' ? this.state.user.id : kept.get(MAYBE);
      if (whose && DECIDED.has(news.ended)) {
        forgetDrafts(whose);
        forgetSearches(whose);
      }
      this.token = undefined;
      return this.become({ status: 'out', ended: news.ended });
    }
    // what this tab holds is somebody else's
    if (this.state.status === 'in' && this.state.user.id !== news.user.id) return location.reload();
    this.token = news.token;
    return this.become({ status: 'in', user: news.user });
  }

  private become(state: SessionState): void {
    this.state = state;
    this.listeners.forEach((tell) => tell());
  }
}

export const session = new Session();

/** The REST API, as whoever is logged in. */
export const api = createApi({ url: '', getToken: session.getToken });

export const useSession = (): SessionState => useSyncExternalStore(session.subscribe, session.get);

/** Whoever is logged in; for pages that only they see. */
export const useMe = (): User => {
  const state = useSession();
  if (state.status !== 'in') throw new Error('nobody is logged in');
  return state.user;
};
