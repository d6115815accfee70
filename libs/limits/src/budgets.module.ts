import { type DynamicModule, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import { RedisConnection, Seal } from '@veche/redis';
import { Budgets } from './budgets';
import { RedisTallies } from './redis-tallies';

@Injectable()
class Connection implements OnApplicationShutdown {
  constructor(readonly redis: RedisConnection | undefined) {}
  async onApplicationShutdown(): Promise<void> {
    await this.redis?.close();
  }
}

/** Budgets that replicas share where there is a Redis. */
@Module({})
export class BudgetsModule {
  /** @param secret of the installation, which Redis does not know */
  static forRoot(redisUrl: string | undefined, secret: string): DynamicModule {
    return {
      module: BudgetsModule,
      global: true,
      providers: [
        {
          provide: Connection,
          useFactory: () => new Connection(redisUrl ? new RedisConnection(redisUrl, 'Limits') : undefined),
        },
        {
          provide: Budgets,
          inject: [Connection],
          useFactory: ({ redis }: Connection) =>
            new Budgets(redis && new RedisTallies(redis, new Seal(secret, 'limits'))),
        },
      ],
      exports: [Budgets],
    };
  }
}
