import { Module } from '@nestjs/common';
import { SessionEvents } from './session-events';

/** What every process hears that follows sessions. */
@Module({
  providers: [SessionEvents],
  exports: [SessionEvents],
})
export class EventsModule {}
