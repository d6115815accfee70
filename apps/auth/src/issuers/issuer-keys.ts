import { AppError } from '@veche/errors';
import type { TrustedIssuer } from '@veche/config';
import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose';
import { type Boundaries, readJson } from './bounded-get';

/** As fast as a slow issuer, and no slower than whoever waits for an answer. */
const BOUNDS = { timeoutMs: 4_000, maxBytes: 256 * 1024 };
/** How old keys are before they are fetched again; what an issuer has withdrawn is refused after this. */
const CACHED_MS = 600_000;
/** After a fetch, and after one that failed: tokens with made-up keys, or a dead issuer, make us ask no more often. */
const COOLDOWN_MS = 10_000;
/** How long keys count whose issuer is away. */
const STALE_MS = 3_600_000;

/** Where an issuer says that its keys are. @throws AppError `unavailable` */
const discover = async (
  { issuer, url }: { issuer: string; url: string },
  within: Boundaries,
): Promise<string> => {
  const { issuer: says, jwks_uri: at } = (await readJson(url, within)) as Record<string, unknown>;
  // OpenID Connect Discovery 1.0, 4.3: whoever answers for another is not believed
  if (says !== issuer || typeof at !== 'string')
    throw new Error('the configuration is not that of the issuer');
  return at;
};

/** Fetches an issuer's keys when they are needed: bounded in time, bytes and number, and those of before while it is away. */
export const fetchedKeys = (
  { issuer }: Pick<TrustedIssuer, 'issuer'>,
  source: { from: 'jwks' | 'discovery'; url: string },
  warn: (why: string) => void,
  cooldownMs = COOLDOWN_MS,
): JWTVerifyGetKey => {
  let last: { readonly body: unknown; readonly at: number } | undefined;
  let failedAt = -Infinity;

  const load = async (): Promise<unknown> => {
    const until = AbortSignal.timeout(BOUNDS.timeoutMs);
    const within = { ...BOUNDS, signal: until };
    const url = source.from === 'jwks' ? source.url : await discover({ issuer, url: source.url }, within);
    // what the operator wrote may be anywhere; where that leads to somebody else, only what is public
    const isElsewhere = new URL(url).origin !== new URL(source.url).origin;
    const body = await readJson(url, { ...within, publicOnly: isElsewhere });
    if (!Array.isArray((body as { keys?: unknown }).keys)) throw new Error('what came is no key set');
    return body;
  };

  return createRemoteJWKSet(new URL(source.url), {
    cacheMaxAge: CACHED_MS,
    cooldownDuration: cooldownMs,
    timeoutDuration: 2 * BOUNDS.timeoutMs,
    [customFetch]: async () => {
      const now = Date.now();
      try {
        if (now - failedAt < cooldownMs) throw new Error('it was away a moment ago');
        last = { body: await load(), at: now };
      } catch (error) {
        if (now - failedAt >= cooldownMs) {
          failedAt = now;
          warn((error as Error).message);
        }
        if (!last || now - last.at > STALE_MS) throw new AppError('unavailable');
      }
      return Response.json(last.body);
    },
  });
};
