import { type DynamicModule, Module } from '@nestjs/common';
import { Config } from './config';

/** The parsed configuration, for whoever asks for a {@link Config}. */
@Module({})
export class ConfigModule {
  static forRoot(config: Config): DynamicModule {
    return {
      module: ConfigModule,
      global: true,
      providers: [{ provide: Config, useValue: config }],
      exports: [Config],
    };
  }
}
