import { BoundedMap } from '@veche/bounded-map';
import { type DynamicModule, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import { RedisConnection, Seal } from '@veche/redis';
import { createCache, KeyvAdapter } from 'cache-manager';
import { redisInsStore } from 'cache-manager-redis-yet';
import { Keyv } from 'keyv';
import { Cache, type CacheStore } from './cache';
import { SealedStore } from './sealed-store';

/** Kept apart from whatever else lives in the same Redis. */
const PREFIX = 'veche:cache:';
const MAX_LOCAL_ENTRIES = 50_000;

@Injectable()
class Connection implements OnApplicationShutdown {
  constructor(readonly redis: RedisConnection | undefined) {}
  async onApplicationShutdown(): Promise<void> {
    await this.redis?.close();
  }
}

/** Settings that say where is cached. */
export interface CacheSettings {
  readonly REDIS_URL?: string | undefined;
  /** By them there are replicas. */
  readonly KAFKA_BROKERS?: readonly string[] | undefined;
}

/**
 * For replicas without a Redis: what one of them has changed would stay in the memory of the others. Those who ask for
 * the same at the same moment are still answered by one query.
 */
const nothing: CacheStore = {
  get: async () => undefined,
  set: async (_key, value) => value,
  mdel: async () => true,
};

/** Errors are thrown: a removal that failed must be known to have failed. */
const storeOf = (
  redis: RedisConnection | undefined,
  { KAFKA_BROKERS }: CacheSettings,
  secret: string,
): CacheStore => {
  if (!redis && KAFKA_BROKERS) return nothing;
  if (!redis) {
    const keyv = new Keyv({
      store: new BoundedMap<string, string>(MAX_LOCAL_ENTRIES),
      // Keyv's own builds its text of many small pieces, which stay such in memory: five times the size
      serialize: JSON.stringify,
      deserialize: JSON.parse,
      throwOnErrors: true,
    });
    return createCache({ stores: [keyv] });
  }
  const keyv = new Keyv({
    store: new KeyvAdapter(redisInsStore(redis.client as never)),
    namespace: PREFIX,
    throwOnErrors: true,
  });
  return new SealedStore(createCache({ stores: [keyv] }), new Seal(secret, 'cache'));
};

/**
 * `cache-manager`, over `cache-manager-redis-yet` where there is a Redis, bounded memory where there is one
 * process of each service, and nothing for several without a Redis.
 */
@Module({})
export class CacheModule {
  /** @param secret of the installation, which Redis does not know: what is found there must have been written with it */
  static forRoot(settings: CacheSettings, secret: string): DynamicModule {
    const { REDIS_URL } = settings;
    return {
      module: CacheModule,
      global: true,
      providers: [
        {
          provide: Connection,
          useFactory: () => new Connection(REDIS_URL ? new RedisConnection(REDIS_URL, 'Cache') : undefined),
        },
        {
          provide: Cache,
          useFactory: ({ redis }: Connection) => new Cache(storeOf(redis, settings, secret)),
          inject: [Connection],
        },
      ],
      exports: [Cache],
    };
  }
}
