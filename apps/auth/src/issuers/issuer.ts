import { isAbove, type RoleName, ROLES } from '@veche/access';
import type { TrustedIssuer } from '@veche/config';
import { AppError } from '@veche/errors';
import { isDisplayName, tidyName } from '@veche/protocol';
import { isEmail } from 'class-validator';
import { errors, type JWTPayload, jwtVerify, type JWTVerifyGetKey, type JWTVerifyOptions } from 'jose';
import type { SaidOf } from '../external/external-accounts';
import { displayNameIn, emailIn, goodUntil, idIn, rolesIn, usernameIn } from './issuer.rules';

/** Between two clocks. */
const TOLERANCE_SECONDS = 30;
/** Its age may be no greater, so that an end lasts; see {@link goodUntil}. */
const MAX_AGE = '1 day';

/** What a token of an issuer says, once it was found to be theirs. */
export interface Said {
  readonly externalId: string;
  readonly profile: SaidOf;
  /** What their username is to be made of. */
  readonly called: string | undefined;
  readonly iat: number;
  readonly expiresAt: Date;
}

/** Somebody else whose tokens are taken for what they say. */
export class Issuer {
  constructor(
    private readonly config: TrustedIssuer,
    private readonly fetched: JWTVerifyGetKey | undefined,
  ) {}

  get name(): string {
    return this.config.issuer;
  }

  /** @throws AppError `token_expired` for one that was theirs, `invalid_token`, `unavailable` without their keys */
  async read(token: string, now: Date): Promise<Said> {
    const claims = await this.verified(token, now);
    const externalId = idIn(claims, this.config);
    if (externalId === undefined) throw new AppError('invalid_token');
    const name = tidyName(displayNameIn(claims, this.config) ?? '');
    const email = emailIn(claims, this.config);
    return {
      externalId,
      profile: {
        displayName: isDisplayName(name) ? name : undefined,
        email: email !== undefined && email.length <= 254 && isEmail(email) ? email : undefined,
        role: this.roleIn(claims),
      },
      called: usernameIn(claims, this.config) ?? (isDisplayName(name) ? name : undefined),
      iat: claims.iat,
      expiresAt: goodUntil(claims),
    };
  }

  private async verified(token: string, now: Date): Promise<JWTPayload & { iat: number; exp: number }> {
    const { issuer, audience, algorithms, keys } = this.config;
    const options: JWTVerifyOptions = {
      issuer,
      audience: [...audience],
      algorithms: [...algorithms],
      requiredClaims: ['exp', 'iat'],
      maxTokenAge: MAX_AGE,
      clockTolerance: TOLERANCE_SECONDS,
      currentDate: now,
    };
    try {
      if (this.fetched) return (await jwtVerify(token, this.fetched, options)).payload as Verified;
      const given = keys.from === 'given' ? keys.given : [];
      for (const { kid, key } of given) {
        const verified = await jwtVerify(
          token,
          (header) => {
            if (kid !== undefined && header.kid !== undefined && kid !== header.kid)
              throw new errors.JWKSNoMatchingKey();
            return key;
          },
          options,
        ).catch((error: unknown) => {
          // another key may be the one; what is wrong with a token that this key has signed is wrong
          if (isOfAnotherKey(error)) return undefined;
          throw error;
        });
        if (verified) return verified.payload as Verified;
      }
    } catch (error) {
      if (error instanceof AppError) throw error;
      if (error instanceof errors.JWTExpired) throw new AppError('token_expired');
      if (error instanceof errors.JWKSTimeout) throw new AppError('unavailable');
    }
    throw new AppError('invalid_token');
  }

  /** The highest that is named, and no higher than may be. */
  private roleIn(claims: JWTPayload): RoleName | undefined {
    const { highestRole } = this.config;
    const named = rolesIn(claims, this.config);
    const highest = ROLES.findLast((role) => named.includes(role));
    return highest && (isAbove(highest, highestRole) ? highestRole : highest);
  }
}

type Verified = JWTPayload & { iat: number; exp: number };

/** A key of another kind is refused by a TypeError. */
const isOfAnotherKey = (error: unknown): boolean =>
  error instanceof errors.JWSSignatureVerificationFailed ||
  error instanceof errors.JWKSNoMatchingKey ||
  error instanceof TypeError;
