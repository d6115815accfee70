import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { Config } from '@veche/config';
import { type AccessClaims, ISSUER, readAccessToken, TokenKeys } from '@veche/tokens';
import { hkdfSync } from 'node:crypto';
import { Clock } from '../clock';
import { openSigningKey, type SigningKey } from './signing-key';

/** Signs access tokens, and reads those that it has signed. */
@Injectable()
export class KeysService {
  private readonly keys: TokenKeys;

  constructor(
    private readonly key: SigningKey,
    private readonly jwt: JwtService,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {
    this.keys = key.algorithm === 'HS256' ? TokenKeys.fromSecret(key.secret) : TokenKeys.fromJwks(key.jwks);
  }

  /** The public keys as a JSON Web Key Set, without a key where a shared secret signs. */
  published(): string {
    return this.key.algorithm === 'HS256' ? '{"keys":[]}' : this.key.jwks;
  }

  sign(claims: AccessClaims): string {
    const payload = { ...claims, iss: ISSUER, iat: Math.floor(this.clock.now().getTime() / 1000) };
    const { key } = this;
    return key.algorithm === 'HS256'
      ? this.jwt.sign(payload, { algorithm: key.algorithm, secret: key.secret })
      : this.jwt.sign(payload, { algorithm: key.algorithm, privateKey: key.privateKey, keyid: key.kid });
  }

  /** A secret of 32 bytes for another purpose, the same on every replica (HKDF, RFC 5869). */
  secretFor(purpose: string): Buffer {
    const { key } = this;
    const material =
      key.algorithm === 'HS256' ? key.secret : key.privateKey.export({ type: 'pkcs8', format: 'der' });
    return Buffer.from(hkdfSync('sha256', material, '', purpose, 32));
  }

  /**
   * A token for any of this installation's applications.
   * @throws AppError `invalid_token` or `token_expired`
   */
  read(token: string): AccessClaims {
    const audiences = this.config.APPS as [string, ...string[]];
    return readAccessToken(token, this.keys, { audiences, now: this.clock.now().getTime() });
  }
}

export const keysProvider = {
  provide: KeysService,
  inject: [Config, JwtService, Clock],
  useFactory: async (config: Config, jwt: JwtService, clock: Clock) =>
    new KeysService(await openSigningKey(config), jwt, config, clock),
};
