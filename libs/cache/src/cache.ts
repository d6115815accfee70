import { answeredWithin } from '@veche/redis';
import type { Cache as CacheManager } from 'cache-manager';
import { cacheReads, removalsFailed } from './cache.metrics';

/** What of `cache-manager` a {@link Cache} needs. */
export interface CacheStore extends Pick<CacheManager, 'get' | 'mdel'> {
  set<T>(key: string, value: T, ttlMs: number): Promise<T>;
}

/** How long after a change the second removal comes: longer than a reader needs between its query and its write. */
const SECOND_LOOK_MS = 1_000;
/** A cache that is slower than this is of no use. */
const ANSWER_MS = 500;
const RETRY_MS = 500;

/** `auth:session` of `auth:session:0193…`: what follows is somebody's. */
const kindOf = (key: string): string => key.split(':', 2).join(':');

/**
 * What was read and may be read again. Shared between replicas where there is Redis. The database stays the
 * truth: a cache that cannot be reached is a cache that is empty.
 */
export class Cache {
  /** Keys whose removal did not reach Redis; until it does, they are not read. */
  private readonly owed = new Set<string>();
  /** What is being loaded now, for all who ask meanwhile. A removal takes it out: it is then of no use to anybody else. */
  private readonly loading = new Map<string, Promise<unknown>>();
  private retry: NodeJS.Timeout | undefined;

  constructor(private readonly store: CacheStore) {}

  /**
   * The cached value of a key, or what `load` gives, kept for `ttlMs`. `undefined` is not kept. Who asks while it is
   * being loaded gets the same answer, the object itself and not a copy.
   */
  async read<T>(key: string, ttlMs: number, load: () => Promise<T>): Promise<T> {
    const cached = this.owed.has(key) ? undefined : await this.look<T>(key);
    const isHit = cached !== undefined && cached !== null;
    cacheReads.inc({ kind: kindOf(key), result: isHit ? 'hit' : 'miss' });
    if (isHit) return cached;
    return (this.loading.get(key) as Promise<T> | undefined) ?? this.load(key, ttlMs, load);
  }

  /**
   * Removes what a change has made untrue, on every replica; to be called once the change is committed. Removed
   * again a moment later, for the reader elsewhere that had queried before the change and writes after it.
   */
  async forget(...keys: string[]): Promise<void> {
    keys.forEach((key) => this.loading.delete(key));
    await this.remove(keys);
    setTimeout(() => void this.remove(keys), SECOND_LOOK_MS).unref();
  }

  private async load<T>(key: string, ttlMs: number, load: () => Promise<T>): Promise<T> {
    const loading = load();
    this.loading.set(key, loading);
    const isCurrent = (): boolean => this.loading.get(key) === loading;
    try {
      const value = await loading;
      if (value !== undefined && isCurrent())
        await answeredWithin(ANSWER_MS, this.store.set(key, value, ttlMs)).catch(() => undefined);
      return value;
    } finally {
      if (isCurrent()) this.loading.delete(key);
    }
  }

  private async look<T>(key: string): Promise<T | undefined> {
    return await answeredWithin(ANSWER_MS, this.store.get<T>(key)).catch(() => undefined);
  }

  private async remove(keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    try {
      await answeredWithin(ANSWER_MS, this.store.mdel([...keys]));
      keys.forEach((key) => this.owed.delete(key));
    } catch {
      removalsFailed.inc(keys.length);
      keys.forEach((key) => this.owed.add(key));
      this.retry ??= setTimeout(() => {
        this.retry = undefined;
        void this.remove([...this.owed]);
      }, RETRY_MS).unref();
    }
  }
}
