import { Module } from '@nestjs/common';
import { Config } from '@veche/config';
import { CallRates } from './call-rates';

/** One count of what each user's calls cost, for all doors of a process. */
@Module({
  providers: [
    {
      provide: CallRates,
      inject: [{ token: Config, optional: true }],
      useFactory: (config: Config = new Config()) => new CallRates(config),
    },
  ],
  exports: [CallRates],
})
export class LimitsModule {}
