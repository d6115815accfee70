import type { Grant, User } from '@veche/protocol';
import { asVecheError, VecheError } from '../errors';
import { inTime } from '../in-time';
import { Source, type Watchable } from '../watchable';
import type { NewAccount } from './api';
import { type DeviceKey, keyInMemory, keyOfPage, proofOf } from './device-key';
import { type GetToken, requestTo } from './request';
import { isOtherSite } from './site';

/** What a session is kept with. */
export interface SessionOptions {
  /** Where the server is: `https://chat.example.org`, or '' for where the page came from. */
  url: string;
  /** What a person recognises this device by in the list of their sessions. */
  deviceName?: string;
  /** The application that tokens are for; Veche itself when left out. */
  appId?: string;
  /**
   * How the refresh token travels. `cookie` (the default) is for pages: no script can read it, and the browser
   * keeps it. `body` is for programs, which keep it themselves.
   */
  tokenTransport?: 'cookie' | 'body';
  /**
   * With `body`: the refresh token that was kept; a function where several processes share it, because each of them
   * makes the token before useless.
   */
  refreshToken?: string | (() => string | undefined);
  /**
   * With `body`: keep this one from now on, and forget the one before; undefined when the session has ended. The
   * new access token is used only after this is done, so that no crash leaves a used refresh token behind.
   */
  keepRefreshToken?: (refreshToken: string | undefined) => void | Promise<void>;
  /**
   * The key that sessions are bound to from their login on: without it their refresh tokens are worth nothing (DPoP, RFC
   * 9449). Pages have one of their own, which no script can export, and programs that keep no refresh token one in memory;
   * who keeps a refresh token gives the key that is kept beside it, or has sessions without.
   */
  deviceKey?: () => Promise<DeviceKey | undefined>;
}

/** What somebody signs in with. */
export interface Credentials {
  /** A username or an email address. */
  login: string;
  password: string;
}

/** A new password, and the one of before. */
export interface PasswordChange {
  currentPassword: string;
  newPassword: string;
}

/** Somebody signed in on this device, and their access token kept fresh. */
export interface SignIn {
  /** Who is signed in; undefined for nobody. */
  readonly user: Watchable<User | undefined>;
  /** For {@link createApi} and {@link connect}. */
  readonly getToken: GetToken;
  /** @throws VecheError `invalid_credentials` */
  login(credentials: Credentials): Promise<User>;
  /** Creates the account and signs in. @throws VecheError `username_taken`, `email_taken`, `invalid_input` … */
  register(account: NewAccount): Promise<User>;
  /** Goes on with the session of before, if there is one: undefined where there is not. @throws VecheError */
  resume(): Promise<User | undefined>;
  /**
   * Your other sessions end, and this one goes on with new tokens.
   * @throws VecheError `invalid_credentials`, `invalid_input`
   */
  changePassword(change: PasswordChange): Promise<void>;
  /** Ends the session on the server, and forgets it here whatever the server says. */
  logout(): Promise<void>;
}

/**
 * A token is not given out any more when this much of its life is left; up to twice as much, so that the moment of a renewal
 * cannot be foretold by who has stolen the refresh token.
 */
const MARGIN = 0.1;
/** A token that was made this recently is fresh enough for whoever else asks for a fresh one. */
const FRESH_MS = 3_000;
/** How long a browser may take for its key: one whose database never answers keeps nobody out. */
const KEY_MS = 5_000;
const LATE = Symbol('late');

interface Token {
  value: string;
  madeAt: number;
  /** On this machine's clock. */
  goodUntil: number;
}

/** Where a page's browser would keep no cookie of the server, so that whoever signs in is signed out by the next load. */
const refusalOfOtherSite = (url: string): VecheError | undefined => {
  const page = (globalThis as { location?: { href: string } }).location?.href;
  if (page === undefined || !isOtherSite(page, url)) return undefined;
  const detail =
    `${url} is another site than this page, whose browser keeps no cookie of it: whoever signs in would be signed out when ` +
    'the page is loaded again. Let your own server hand out access tokens (connect({url, token: () => …}) or getToken, docs/embed.md), ' +
    "or serve both from one site, or give createSession tokenTransport: 'body' with refreshToken and keepRefreshToken.";
  console.error(`@veche/client: ${detail}`);
  return new VecheError('cookie_not_kept', { detail });
};

/** Signs in and stays signed in. */
export const createSession = (options: SessionOptions): SignIn => {
  const { url, deviceName, appId, tokenTransport = 'cookie' } = options;
  const request = requestTo(url);
  const cookies = tokenTransport === 'cookie';
  const refusal = cookies ? refusalOfOtherSite(url) : undefined;
  const { refreshToken: given } = options;
  let own = typeof given === 'string' ? given : undefined;
  const present = (): string | undefined => (typeof given === 'function' ? given() : own);
  let token: Token | undefined;
  let user: User | undefined;
  let renewing: Promise<void> | undefined;
  const watched = new Source(() => user);
  const keepsToken = given !== undefined || options.keepRefreshToken !== undefined;
  const openKey = options.deviceKey ?? (cookies ? keyOfPage : keepsToken ? undefined : keyInMemory);
  let key: Promise<DeviceKey | undefined> | undefined;

  /** A grant, with a proof of the key if there is one; once more where the server wants another. */
  const grantOf = async (path: string, body: object): Promise<Grant> => {
    if (refusal) throw refusal;
    const found = await inTime(
      (key ??= openKey?.() ?? Promise.resolve(undefined)),
      KEY_MS,
      (): typeof LATE => LATE,
    );
    const device = found === LATE ? undefined : found;
    const uri = new URL(`${url}/api/v1${path}`, (globalThis as { location?: Location }).location?.href).href;
    const ask = async (nonce?: string): Promise<Grant> => {
      const proof = device && (await proofOf(device, uri, nonce));
      return request<Grant>('POST', path, { body, cookies, proof });
    };
    try {
      return await ask();
    } catch (error) {
      const code = error instanceof VecheError && error.code;
      // it is not known yet whether this is the device of the session
      if (found === LATE && code === 'invalid_proof') throw new VecheError('unavailable');
      if (!(error instanceof VecheError) || code !== 'stale_proof') throw error;
      return ask(error.nonce);
    }
  };

  const take = async (grant: Grant): Promise<User> => {
    const madeAt = Date.now();
    if (grant.refreshToken !== undefined) {
      own = grant.refreshToken;
      await options.keepRefreshToken?.(own);
    }
    token = {
      value: grant.accessToken,
      madeAt,
      goodUntil: madeAt + grant.expiresIn * 1000 * (1 - MARGIN * (1 + Math.random())),
    };
    user = grant.user;
    watched.changed();
    return user;
  };

  const forget = async (): Promise<void> => {
    const kept = present();
    own = token = user = undefined;
    watched.changed();
    if (kept !== undefined) await options.keepRefreshToken?.(undefined);
  };

  const enter = async (path: string, body: object): Promise<User> =>
    take(await grantOf(path, { ...body, deviceName, appId, tokenTransport }));

  const renew = async (): Promise<void> => {
    const refreshToken = present();
    if (!cookies && refreshToken === undefined) throw new VecheError('unauthenticated');
    try {
      const body = { refreshToken: cookies ? undefined : refreshToken };
      await take(await grantOf('/auth/refresh', body));
    } catch (error) {
      if (hasEnded(error)) await forget();
      throw error;
    }
  };

  const getToken: GetToken = async ({ fresh }) => {
    const now = Date.now();
    // a clock that was set back says nothing about the token
    const good =
      token && now >= token.madeAt && (fresh ? now - token.madeAt < FRESH_MS : now < token.goodUntil);
    if (!good) await (renewing ??= renew().finally(() => (renewing = undefined)));
    if (!token) throw new VecheError('unauthenticated');
    return token.value;
  };

  return {
    user: watched,
    getToken,
    login: (credentials) => enter('/auth/login', credentials),
    register: (account) => enter('/auth/register', account),
    resume: async () => {
      try {
        await getToken({ fresh: false });
        return user;
      } catch (error) {
        if (hasEnded(error)) return undefined;
        throw error;
      }
    },
    changePassword: async (change) => {
      const body = { ...change, tokenTransport };
      await take(await requestTo(url, getToken)<Grant>('POST', '/auth/password', { body, cookies }));
    },
    logout: async () => {
      try {
        await requestTo(url, getToken)('POST', '/auth/logout', { cookies });
      } catch (error) {
        if (!hasEnded(error)) throw error;
      } finally {
        await forget();
      }
    },
  };
};

/** Nobody is signed in any more, for certain. */
export const hasEnded = (error: unknown): boolean =>
  ['unauthenticated', 'invalid_token', 'invalid_proof', 'session_ended', 'account_disabled'].includes(
    asVecheError(error).code,
  );
