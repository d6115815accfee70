import { JwtService, TokenExpiredError } from '@nestjs/jwt';
import { AppError } from '@veche/errors';
import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';

/** The `iss` of every access token. */
export const ISSUER = 'veche';

/** What an access token says, once it was found to be ours. The role is not in it: it is looked up. */
export interface AccessClaims {
  readonly sub: string;
  readonly sid: string;
  /** The application that the token is for. */
  readonly aud: string;
  /** Seconds since 1970. */
  readonly exp: number;
  /** Which of its session's answers brought it. */
  readonly ans: number;
}

type Key =
  | { readonly algorithm: 'RS256' | 'ES256'; readonly publicKey: KeyObject }
  | { readonly algorithm: 'HS256'; readonly secret: string };

const jwt = new JwtService({});

/**
 * The keys that access tokens may be signed with. Each key fixes its algorithm, so that a token cannot choose how
 * it is verified (RFC 8725, 3.1).
 */
export class TokenKeys {
  private constructor(private readonly keys: ReadonlyMap<string | undefined, Key>) {}

  /** Of a JSON Web Key Set (RFC 7517). Keys that are neither RSA nor P-256 are left out. */
  static fromJwks(jwks: string): TokenKeys {
    const { keys } = JSON.parse(jwks) as { keys: (JsonWebKey & { kid: string })[] };
    return new TokenKeys(
      new Map(
        keys.flatMap((jwk) => {
          const algorithm = jwk.kty === 'RSA' ? 'RS256' : jwk.crv === 'P-256' ? 'ES256' : undefined;
          if (!algorithm) return [];
          const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
          return [[jwk.kid, { algorithm, publicKey }] as const];
        }),
      ),
    );
  }

  /** Of the secret that every service was given. Its tokens name no key. */
  static fromSecret(secret: string): TokenKeys {
    return new TokenKeys(new Map([[undefined, { algorithm: 'HS256', secret }]]));
  }

  get isEmpty(): boolean {
    return this.keys.size === 0;
  }

  get ids(): readonly (string | undefined)[] {
    return [...this.keys.keys()];
  }

  find(kid: string | undefined): Key | undefined {
    return this.keys.get(kid);
  }
}

/** A key is parsed once, and not for each token; jsonwebtoken takes it so, though the types of @nestjs/jwt do not. */
const material = (key: Key): { secret: string } | { publicKey: string } =>
  key.algorithm === 'HS256' ? { secret: key.secret } : { publicKey: key.publicKey as unknown as string };

/**
 * The `kid` in a token's header; nothing is verified yet.
 * @throws AppError `invalid_token` for what is no JSON Web Token
 */
export const keyIdOf = (token: string): string | undefined => {
  try {
    return jwt.decode<unknown>(token, { complete: true }).header.kid;
  } catch {
    throw new AppError('invalid_token');
  }
};

/** The `iss` of a token; nothing is verified yet. undefined for what has none, or is no JSON Web Token. */
export const issuerOf = (token: string): string | undefined => {
  try {
    const { iss } = jwt.decode<{ iss?: unknown }>(token);
    return typeof iss === 'string' ? iss : undefined;
  } catch {
    return undefined;
  }
};

/**
 * Verifies signature, issuer, audience and expiry.
 * @param expected `audiences`: any of them will do; `now`: milliseconds since 1970
 * @throws AppError `token_expired` for a token that was ours, `invalid_token` for everything else
 */
export const readAccessToken = (
  token: string,
  keys: TokenKeys,
  expected: { audiences: readonly [string, ...string[]]; now: number },
): AccessClaims => {
  const key = keys.find(keyIdOf(token));
  if (!key) throw new AppError('invalid_token');
  let claims: Partial<Record<keyof AccessClaims, unknown>>;
  try {
    claims = jwt.verify(token, {
      ...material(key),
      algorithms: [key.algorithm],
      issuer: ISSUER,
      audience: [...expected.audiences] as [string, ...string[]],
      clockTimestamp: Math.floor(expected.now / 1000),
    });
  } catch (error) {
    throw new AppError(error instanceof TokenExpiredError ? 'token_expired' : 'invalid_token');
  }
  // tokens of before sessions counted their answers have none
  const { sub, sid, aud, exp, ans = 0 } = claims;
  if (
    typeof sub !== 'string' ||
    typeof sid !== 'string' ||
    typeof aud !== 'string' ||
    typeof exp !== 'number' ||
    typeof ans !== 'number'
  )
    throw new AppError('invalid_token');
  return { sub, sid, aud, exp, ans };
};
