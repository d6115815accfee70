import { type DynamicModule, Injectable, Logger, Module, type OnApplicationShutdown } from '@nestjs/common';
import { createCache, KeyvAdapter } from 'cache-manager';
import { redisInsStore } from 'cache-manager-redis-yet';
import { CacheableMemory } from 'cacheable';
import { Keyv } from 'keyv';
import { createClient } from 'redis';
import { Cache } from './cache';

/** Kept apart from whatever else lives in the same Redis. */
const PREFIX = 'veche:cache:';
const MAX_LOCAL_ENTRIES = 50_000;

type Client = ReturnType<typeof createClient>;

@Injectable()
class RedisConnection implements OnApplicationShutdown {
  constructor(readonly client: Client | undefined) {}
  async onApplicationShutdown(): Promise<void> {
    if (this.client?.isOpen) await this.client.disconnect();
  }
}

const connect = (url: string, onReady: () => void): Client => {
  const client = createClient({
    url,
    // a read while Redis is away is a miss at once, instead of waiting in a queue
    disableOfflineQueue: true,
    pingInterval: 5_000,
    socket: { connectTimeout: 2_000, reconnectStrategy: (retries) => Math.min(50 * 2 ** retries, 1_000) },
  });
  const log = new Logger('Cache');
  // without a listener a lost connection would end the process
  client.on('error', (error: Error) => log.warn(`Redis: ${error.message}`));
  client.on('ready', onReady);
  client.connect().catch(() => undefined);
  return client;
};

/** `cache-manager`, over `cache-manager-redis-yet` where there is a Redis and bounded memory where there is none. */
@Module({})
export class CacheModule {
  static forRoot(redisUrl: string | undefined): DynamicModule {
    return {
      module: CacheModule,
      global: true,
      providers: [
        {
          provide: Cache,
          useFactory: () => {
            if (!redisUrl) {
              const memory = new Keyv({ store: new CacheableMemory({ lruSize: MAX_LOCAL_ENTRIES }) });
              return Object.assign(new Cache(createCache({ stores: [memory] })), { client: undefined });
            }
            const client = connect(redisUrl, () => void cache.settle());
            const store = new KeyvAdapter(redisInsStore(client as never));
            const cache = new Cache(createCache({ stores: [new Keyv({ store, namespace: PREFIX })] }));
            return Object.assign(cache, { client });
          },
        },
        {
          provide: RedisConnection,
          useFactory: (cache: Cache & { client: Client | undefined }) => new RedisConnection(cache.client),
          inject: [Cache],
        },
      ],
      exports: [Cache],
    };
  }
}
