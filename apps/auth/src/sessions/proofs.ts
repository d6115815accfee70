import { Injectable } from '@nestjs/common';
import { AppError } from '@veche/errors';
import { calculateJwkThumbprint, EmbeddedJWK, type JWK, jwtVerify } from 'jose';
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { Clock } from '../clock';
import { KeysService } from '../keys/keys.service';
import { isFresh } from './proof.rules';

/** Where a proof may be for: the same operation has a path at each door. */
const PATHS = {
  register: ['/api/v1/auth/register', '/veche.auth.v1.AuthService/Register'],
  login: ['/api/v1/auth/login', '/veche.auth.v1.AuthService/Login'],
  refresh: ['/api/v1/auth/refresh', '/veche.auth.v1.AuthService/Refresh'],
  logout: ['/api/v1/auth/logout', '/veche.auth.v1.AuthService/Logout'],
} as const;

const MAX_LENGTH = 4096;

/** A proof that was found to be right. */
export interface Proof {
  /** Thumbprint (RFC 7638) of the key that made it. */
  readonly deviceKey: string;
  /** What tells it from every other. */
  readonly id: string;
}

/** Reads proofs of possession of a key (DPoP, RFC 9449, 4.3), and hands out the nonces for them. */
@Injectable()
export class Proofs {
  constructor(
    private readonly keys: KeysService,
    private readonly clock: Clock,
  ) {}

  /**
   * Undefined where no proof was shown. Of `htu` the path counts and not the origin, which a proxy may have rewritten:
   * that a proof was made for us and now is what the nonce says, and the clock where it is right.
   * @throws AppError `invalid_proof`; `stale_proof` with a nonce to come back with
   */
  async read(proof: string | undefined, operation: keyof typeof PATHS): Promise<Proof | undefined> {
    if (proof === undefined) return undefined;
    const { payload, jwk } = await this.verified(proof);
    const { jti, htm, htu, iat, nonce } = payload;
    const isForThis =
      htm === 'POST' &&
      typeof htu === 'string' &&
      PATHS[operation].some((path) => pathOf(htu)?.endsWith(path));
    if (!isForThis || typeof jti !== 'string' || typeof iat !== 'number') throw new AppError('invalid_proof');
    const made = { device: iat * 1000, nonce: nonce === undefined ? undefined : this.madeAt(nonce) };
    if (!isFresh(made, this.clock.now().getTime())) throw this.stale();
    const id = createHash('sha256').update(jti).digest('base64url').slice(0, 22);
    return { deviceKey: await calculateJwkThumbprint(jwk), id };
  }

  /** What a proof is refused with that may come again, made anew. */
  stale(): AppError {
    const time = this.clock.now().getTime().toString(36);
    const [key] = this.nonceKeys();
    return new AppError('stale_proof', { nonce: `${time}.${sign(time, key)}` });
  }

  private async verified(proof: string): Promise<{ payload: Record<string, unknown>; jwk: JWK }> {
    if (proof.length > MAX_LENGTH) throw new AppError('invalid_proof');
    try {
      const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
        typ: 'dpop+jwt',
        algorithms: ['ES256', 'Ed25519'],
        currentDate: this.clock.now(),
      });
      return { payload, jwk: protectedHeader.jwk as JWK };
    } catch {
      throw new AppError('invalid_proof');
    }
  }

  /** When a nonce was handed out; long ago, where it is none of ours. */
  private madeAt(nonce: unknown): number {
    const [time = '', mac = ''] = typeof nonce === 'string' ? nonce.split('.') : [];
    const shown = Buffer.from(mac);
    const isOurs = this.nonceKeys().some((key) => {
      const expected = Buffer.from(sign(time, key));
      return shown.length === expected.length && timingSafeEqual(shown, expected);
    });
    return isOurs ? parseInt(time, 36) : 0;
  }

  private nonceKeys(): readonly [Buffer, ...Buffer[]] {
    return this.keys.secretsFor('veche dpop nonce');
  }
}

const sign = (time: string, key: Buffer): string =>
  createHmac('sha256', key).update(time).digest('base64url');

const pathOf = (uri: string): string | undefined => (URL.canParse(uri) ? new URL(uri).pathname : undefined);
