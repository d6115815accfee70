import type { GetToken } from './request';

/** What your own server hands out: a token, or the answer of Veche with its lifetime as it is. */
export type ProvidedToken = string | { accessToken: string; expiresIn?: number };

/**
 * Asks your own server for an access token. Called when one is needed, before the one of before expires and when that is
 * refused; in between it is kept. What it throws is tried again, but for a VecheError with `unauthenticated`: then nobody
 * is signed in there any more, and the client ends.
 */
export type TokenProvider = () => ProvidedToken | Promise<ProvidedToken>;

/** Another one is asked for when this much of a token's life is left. */
const MARGIN = 0.2;

interface Kept {
  readonly value: string;
  readonly madeAt: number;
  /** On this machine's clock. */
  readonly goodUntil: number;
}

/** How long a token lives, by what it says of itself: a clock that is wrong here says nothing. */
const lifetimeIn = (token: string): number | undefined => {
  try {
    const payload = token.split('.')[1] ?? '';
    const { iat, exp } = JSON.parse(atob(payload.replace(/-/g, '+').replace(/_/g, '/'))) as {
      iat?: unknown;
      exp?: unknown;
    };
    return typeof iat === 'number' && typeof exp === 'number' ? exp - iat : undefined;
  } catch {
    return undefined;
  }
};

/** Keeps what a provider gives for as long as it is good; of many who need one at once, one asks. */
export const providedToken = (ask: TokenProvider): GetToken => {
  let kept: Kept | undefined;
  let asking: Promise<Kept> | undefined;

  const askAgain = async (): Promise<Kept> => {
    const given = await ask();
    const value =
      typeof given === 'string'
        ? given
        : (given as Partial<Record<'accessToken', unknown>> | null)?.accessToken;
    if (typeof value !== 'string' || value === '')
      throw new TypeError('@veche/client: token() must give an access token, or {accessToken, expiresIn}');
    const madeAt = Date.now();
    const seconds = (typeof given === 'string' ? undefined : given.expiresIn) ?? lifetimeIn(value);
    const goodUntil = seconds === undefined ? Infinity : madeAt + seconds * 1000 * (1 - MARGIN);
    return (kept = { value, madeAt, goodUntil });
  };

  return async ({ fresh }) => {
    const now = Date.now();
    // a clock that was set back says nothing about the token
    if (!fresh && kept && now >= kept.madeAt && now < kept.goodUntil) return kept.value;
    asking ??= askAgain().finally(() => (asking = undefined));
    return (await asking).value;
  };
};
