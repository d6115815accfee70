import { Module } from '@nestjs/common';
import { ChatHealth } from './health.service';

/** What this process can do. */
@Module({
  providers: [ChatHealth],
  exports: [ChatHealth],
})
export class HealthModule {}
