import { Module } from '@nestjs/common';
import { AuthHealth } from './health.service';

/** What this process can do. */
@Module({
  providers: [AuthHealth],
  exports: [AuthHealth],
})
export class HealthModule {}
