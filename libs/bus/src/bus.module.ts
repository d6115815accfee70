import { type DynamicModule, Module } from '@nestjs/common';
import { Bus } from './bus';
import { MemoryBus } from './memory-bus';
import { RedisBus } from './redis-bus';

@Module({})
export class BusModule {
  /**
   * @param redisUrl unset: for one process only
   * @param secret of the installation, which Redis does not know: only what was published with it is heard
   */
  static forRoot(redisUrl: string | undefined, secret: string): DynamicModule {
    return {
      module: BusModule,
      global: true,
      providers: [
        { provide: Bus, useFactory: () => (redisUrl ? new RedisBus(redisUrl, secret) : new MemoryBus()) },
      ],
      exports: [Bus],
    };
  }
}
