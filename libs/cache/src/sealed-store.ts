import type { Seal } from '@veche/redis';
import type { CacheStore } from './cache';

/** A value, and when it ends: so that nobody can put an old one back later. */
type Kept = readonly [until: number, value: unknown];

/**
 * A store whose values are believed only where this installation has written them: under this key, and until they
 * end. Whoever can write to Redis can make it forget, and nothing more.
 */
export class SealedStore implements CacheStore {
  constructor(
    private readonly store: CacheStore,
    private readonly seal: Seal,
  ) {}

  async get<T>(key: string): Promise<T | undefined> {
    const text = await this.store.get<unknown>(key);
    if (typeof text !== 'string') return undefined;
    const content = this.seal.open(key, Buffer.from(text, 'base64'));
    if (!content) return undefined;
    // sealed, and so exactly what `set` has written
    const [until, value] = JSON.parse(Buffer.from(content).toString()) as Kept;
    return until > Date.now() ? (value as T) : undefined;
  }

  async set<T>(key: string, value: T, ttlMs: number): Promise<T> {
    const kept: Kept = [Date.now() + ttlMs, value];
    const sealed = this.seal.put(key, Buffer.from(JSON.stringify(kept)));
    await this.store.set(key, sealed.toString('base64'), ttlMs);
    return value;
  }

  mdel(keys: string[]): Promise<boolean> {
    return this.store.mdel(keys);
  }
}
