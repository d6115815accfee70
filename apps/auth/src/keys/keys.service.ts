import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { Config } from '@veche/config';
import { type AccessClaims, ISSUER, keyIdOf, readAccessToken, TokenKeys } from '@veche/tokens';
import { hkdfSync } from 'node:crypto';
import { Clock } from '../clock';
import { accepted, signing } from './key.rules';
import { keyFileOf, openKeyFile, readKeyFile } from './key-file';
import type { SigningKey } from './signing-key';

/** How soon every replica has what was put into the file. Long before a new key signs. */
const LOOK_EVERY_MS = 5_000;
/** A stranger who makes up key ids must not make us read the file each time. */
const LOOK_AGAIN_MS = 1_000;

/** What tokens are signed with: the keys of a file, or a secret that services share. */
export type Keys =
  { readonly secret: string } | { readonly path: string; readonly found: readonly SigningKey[] };

/** Signs access tokens, and reads those that it has signed. */
@Injectable()
export class KeysService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger('Keys');
  private readonly lifetimeMs: number;
  private timer?: NodeJS.Timeout;
  private lookedAt = 0;
  private looking?: Promise<void> | undefined;
  private complaint = '';
  /** Parsed once for each set of keys, and not for each token. */
  private readable: { of: string; keys: TokenKeys } | undefined;
  /** What was derived of each key, by purpose: every proof asks for it, and it costs more than the proof's signature. */
  private readonly derived = new WeakMap<SigningKey, Map<string, Buffer>>();

  constructor(
    private keys: Keys,
    private readonly jwt: JwtService,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {
    this.lifetimeMs = config.ACCESS_TOKEN_TTL * 1000;
  }

  onApplicationBootstrap(): void {
    if ('path' in this.keys) this.timer = setInterval(() => void this.look(), LOOK_EVERY_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** The public keys as a JSON Web Key Set, without a key where a shared secret signs. */
  published(): string {
    return JSON.stringify({ keys: this.accepted().map(({ jwk }) => jwk) });
  }

  sign(claims: AccessClaims): string {
    const payload = { ...claims, iss: ISSUER, iat: Math.floor(this.clock.now().getTime() / 1000) };
    if ('secret' in this.keys)
      return this.jwt.sign(payload, { algorithm: 'HS256', secret: this.keys.secret });
    const { algorithm, privateKey, kid } = this.signing(this.keys.found);
    return this.jwt.sign(payload, { algorithm, privateKey, keyid: kid });
  }

  /**
   * Secrets of 32 bytes for another purpose, the same on every replica (HKDF, RFC 5869): the first to make something with,
   * all of them to know it by, since one goes with each key.
   */
  secretsFor(purpose: string): readonly [Buffer, ...Buffer[]] {
    const derive = (material: string | Buffer): Buffer =>
      Buffer.from(hkdfSync('sha256', material, '', purpose, 32));
    if ('secret' in this.keys) return [derive(this.keys.secret)];
    const first = this.signing(this.keys.found);
    const of = (key: SigningKey): Buffer => {
      const known = this.derived.get(key) ?? new Map<string, Buffer>();
      const secret = known.get(purpose) ?? derive(key.privateKey.export({ type: 'pkcs8', format: 'der' }));
      this.derived.set(key, known.set(purpose, secret));
      return secret;
    };
    return [
      of(first),
      ...this.accepted()
        .filter((key) => key !== first)
        .map(of),
    ];
  }

  /**
   * A token for any of this installation's applications.
   * @throws AppError `invalid_token` or `token_expired`
   */
  async read(token: string): Promise<AccessClaims> {
    const audiences = this.config.APPS as [string, ...string[]];
    const kid = keyIdOf(token);
    // another replica may have seen the file before this one has
    let keys = this.verifying();
    if (!keys.find(kid)) {
      await this.lookAgain();
      keys = this.verifying();
    }
    return readAccessToken(token, keys, { audiences, now: this.clock.now().getTime() });
  }

  /** Takes over what is in the file by now. Keeps what it has where the file cannot be used. */
  look(): Promise<void> {
    return (this.looking ??= this.reread().finally(() => (this.looking = undefined)));
  }

  private async lookAgain(): Promise<void> {
    if (Date.now() - this.lookedAt >= LOOK_AGAIN_MS) await this.look();
  }

  private async reread(): Promise<void> {
    if (!('path' in this.keys)) return;
    const { path, found: had } = this.keys;
    this.lookedAt = Date.now();
    try {
      const found = await readKeyFile(path);
      this.keys = { path, found };
      this.complaint = '';
      const added = found.filter(({ kid }) => had.every((key) => key.kid !== kid)).map(({ kid }) => kid);
      const gone = had.filter(({ kid }) => found.every((key) => key.kid !== kid)).map(({ kid }) => kid);
      if (added.length > 0) this.log.log(`keys that were added: ${added.join(', ')}`);
      if (gone.length > 0) this.log.log(`keys that were taken away: ${gone.join(', ')}`);
    } catch (error) {
      const { message } = error as Error;
      if (message !== this.complaint) this.log.error(`going on with the keys of before: ${message}`);
      this.complaint = message;
    }
  }

  private accepted(): readonly SigningKey[] {
    return 'secret' in this.keys
      ? []
      : accepted(this.keys.found, this.clock.now().getTime(), this.lifetimeMs);
  }

  private signing(found: readonly SigningKey[]): SigningKey {
    const key = signing(found, this.clock.now().getTime());
    if (!key) throw new Error('there is no key to sign with');
    return key;
  }

  private verifying(): TokenKeys {
    const of = this.accepted()
      .map(({ kid }) => kid)
      .join();
    if (this.readable?.of === of) return this.readable.keys;
    const keys =
      'secret' in this.keys ? TokenKeys.fromSecret(this.keys.secret) : TokenKeys.fromJwks(this.published());
    this.readable = { of, keys };
    return keys;
  }
}

/** @throws Error that names the variable where they cannot be used */
export const openKeys = async (config: Config): Promise<Keys> => {
  const path = keyFileOf(config);
  return path === undefined
    ? { secret: config.JWT_SECRET ?? '' }
    : { path, found: await openKeyFile(config, path) };
};

export const keysProvider = {
  provide: KeysService,
  inject: [Config, JwtService, Clock],
  useFactory: async (config: Config, jwt: JwtService, clock: Clock) =>
    new KeysService(await openKeys(config), jwt, config, clock),
};
