import { type DynamicModule, Module } from '@nestjs/common';
import { Bus } from './bus';
import { MemoryBus } from './memory-bus';
import { RedisBus } from './redis-bus';

/** Settings that say what messages between replicas travel by; none: they are in one process. */
export interface BusSettings {
  readonly REDIS_URL?: string | undefined;
  /** Kafka carries them, where it is there. */
  readonly KAFKA_BROKERS?: readonly string[] | undefined;
  readonly KAFKA_TOPIC_PREFIX: string;
  readonly KAFKA_PARTITIONS: number;
}

const busOf = (settings: BusSettings, secret: string): Bus => {
  const { REDIS_URL, KAFKA_BROKERS, KAFKA_TOPIC_PREFIX: prefix, KAFKA_PARTITIONS: partitions } = settings;
  if (KAFKA_BROKERS) {
    // reading its client takes a good part of a second, which only those pay who use it
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- import() has no way to a file of ours in Jest
    const { KafkaBus } = require('./kafka-bus') as typeof import('./kafka-bus');
    return new KafkaBus({ brokers: KAFKA_BROKERS, prefix, partitions }, secret);
  }
  return REDIS_URL ? new RedisBus(REDIS_URL, secret) : new MemoryBus();
};

@Module({})
export class BusModule {
  /** @param secret of the installation, which Redis and Kafka do not know: only what was published with it is heard */
  static forRoot(settings: BusSettings, secret: string): DynamicModule {
    return {
      module: BusModule,
      global: true,
      providers: [{ provide: Bus, useFactory: () => busOf(settings, secret) }],
      exports: [Bus],
    };
  }
}
