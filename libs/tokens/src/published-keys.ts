import { Logger } from '@nestjs/common';
import { AppError } from '@veche/errors';
import type { GetKeysResponse } from '@veche/contracts';
import { keyIdOf, TokenKeys } from './access-token';

/** A stranger who makes up key ids must not make us ask auth each time. */
const REFETCH_AFTER_MS = 5_000;

/** The keys that auth signs with, fetched when a token first needs them, and again when one names an unknown key. */
export class PublishedKeys {
  private readonly log = new Logger('Tokens');
  private keys?: TokenKeys;
  private issuers: readonly string[] = [];
  private fetchedAt = 0;
  private fetching?: Promise<TokenKeys>;

  /**
   * @param fetch gives auth's JWKS and whom it trusts, without a key where tokens are signed with a shared secret
   * @param secret the one that this process was given
   */
  constructor(
    private readonly fetch: () => Promise<GetKeysResponse>,
    private readonly secret: string | undefined,
  ) {}

  /** The keys to verify a token with. */
  async for(token: string): Promise<TokenKeys> {
    const kid = keyIdOf(token);
    if (this.keys && (this.keys.find(kid) ?? Date.now() - this.fetchedAt < REFETCH_AFTER_MS))
      return this.keys;
    this.fetching ??= this.load().finally(() => (this.fetching = undefined));
    return await this.fetching;
  }

  /** Whether auth trusts somebody else who issues tokens. */
  async trusts(issuer: string): Promise<boolean> {
    if (this.issuers.includes(issuer)) return true;
    if (this.keys && Date.now() - this.fetchedAt < REFETCH_AFTER_MS) return false;
    this.fetching ??= this.load().finally(() => (this.fetching = undefined));
    await this.fetching;
    return this.issuers.includes(issuer);
  }

  /**
   * Fetches them once more, where they were fetched before.
   * @returns the ids of keys that are not published any more
   */
  async refresh(): Promise<readonly (string | undefined)[]> {
    const before = this.keys?.ids ?? [];
    if (before.length === 0) return [];
    this.fetching ??= this.load().finally(() => (this.fetching = undefined));
    const now = await this.fetching;
    return before.filter((kid) => !now.find(kid));
  }

  private async load(): Promise<TokenKeys> {
    const { jwks, issuers } = await this.fetch();
    let keys = TokenKeys.fromJwks(jwks);
    if (keys.isEmpty) {
      if (this.secret === undefined) {
        this.log.error('auth signs tokens with a shared secret: JWT_SECRET must be set here too');
        throw new AppError('unavailable');
      }
      keys = TokenKeys.fromSecret(this.secret);
    }
    this.keys = keys;
    this.issuers = issuers;
    this.fetchedAt = Date.now();
    return keys;
  }
}
