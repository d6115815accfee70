import { type DynamicModule, Module } from '@nestjs/common';
import { Bus } from './bus';
import { type KafkaAccess, kafkaAccessOf, type KafkaAccessSettings } from './kafka-access';
import { MemoryBus } from './memory-bus';
import { RedisBus } from './redis-bus';

/** Settings that say what messages between replicas travel by; none: they are in one process. */
export interface BusSettings extends KafkaAccessSettings {
  readonly REDIS_URL?: string | undefined;
  /** Kafka carries them, where it is there. */
  readonly KAFKA_BROKERS?: readonly string[] | undefined;
  readonly KAFKA_TOPIC_PREFIX: string;
  readonly KAFKA_PARTITIONS: number;
}

const busOf = (settings: BusSettings, access: KafkaAccess | undefined, secret: string): Bus => {
  const { REDIS_URL, KAFKA_TOPIC_PREFIX: prefix, KAFKA_PARTITIONS: partitions } = settings;
  if (access) {
    // reading its client takes a good part of a second, which only those pay who use it
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- import() has no way to a file of ours in Jest
    const { KafkaBus } = require('./kafka-bus') as typeof import('./kafka-bus');
    return new KafkaBus({ access, prefix, partitions }, secret);
  }
  return REDIS_URL ? new RedisBus(REDIS_URL, secret) : new MemoryBus();
};

@Module({})
export class BusModule {
  /**
   * @param secret of the installation, which Redis and Kafka do not know: only what was published with it is heard
   * @throws ConfigurationError where a setting of Kafka's names a file that is missing or wrong
   */
  static forRoot(settings: BusSettings, secret: string): DynamicModule {
    const { KAFKA_BROKERS: brokers } = settings;
    const access = brokers && kafkaAccessOf(brokers, settings);
    return {
      module: BusModule,
      global: true,
      providers: [{ provide: Bus, useFactory: () => busOf(settings, access, secret) }],
      exports: [Bus],
    };
  }
}
