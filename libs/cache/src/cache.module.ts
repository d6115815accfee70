import { type DynamicModule, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import { RedisConnection } from '@veche/redis';
import { createCache, KeyvAdapter } from 'cache-manager';
import { redisInsStore } from 'cache-manager-redis-yet';
import { CacheableMemory } from 'cacheable';
import { Keyv } from 'keyv';
import { Cache } from './cache';

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

/** Errors are thrown: a removal that failed must be known to have failed. */
const storeOf = (redis: RedisConnection | undefined): Keyv =>
  redis
    ? new Keyv({
        store: new KeyvAdapter(redisInsStore(redis.client as never)),
        namespace: PREFIX,
        throwOnErrors: true,
      })
    : new Keyv({
        store: new CacheableMemory({ lruSize: MAX_LOCAL_ENTRIES }),
        // Keyv's own builds its text of many small pieces, which stay such in memory: five times the size
        serialize: JSON.stringify,
        deserialize: JSON.parse,
        throwOnErrors: true,
      });

/** `cache-manager`, over `cache-manager-redis-yet` where there is a Redis and bounded memory where there is none. */
@Module({})
export class CacheModule {
  static forRoot(redisUrl: string | undefined): DynamicModule {
    return {
      module: CacheModule,
      global: true,
      providers: [
        {
          provide: Connection,
          useFactory: () => new Connection(redisUrl ? new RedisConnection(redisUrl, 'Cache') : undefined),
        },
        {
          provide: Cache,
          useFactory: ({ redis }: Connection) => new Cache(createCache({ stores: [storeOf(redis)] })),
          inject: [Connection],
        },
      ],
      exports: [Cache],
    };
  }
}
