import { type DynamicModule, Module } from '@nestjs/common';
import { Bus } from './bus';
import { MemoryBus } from './memory-bus';
import { RedisBus } from './redis-bus';

@Module({})
export class BusModule {
  /** @param redisUrl unset: for one process only */
  static forRoot(redisUrl: string | undefined): DynamicModule {
    return {
      module: BusModule,
      global: true,
      providers: [{ provide: Bus, useFactory: () => (redisUrl ? new RedisBus(redisUrl) : new MemoryBus()) }],
      exports: [Bus],
    };
  }
}
