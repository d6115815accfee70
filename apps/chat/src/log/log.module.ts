import { Module } from '@nestjs/common';
import { Deliveries } from './deliveries.service';
import { LogRepository } from './log.repository';
import { LogService } from './log.service';
import { MessagesService } from './messages.service';
import { OutboxRepository } from './outbox.repository';
import { OutboxService } from './outbox.service';
import { ReadingTurns } from './reading-turns';
import { ReadingService } from './reading.service';
import { ReplicasRepository } from './replicas.repository';
import { SendingService } from './sending.service';

/** A room is a log: entries in order, committed, told to whoever listens. */
@Module({
  providers: [
    LogService,
    LogRepository,
    OutboxService,
    OutboxRepository,
    ReplicasRepository,
    SendingService,
    ReadingService,
    ReadingTurns,
    Deliveries,
    MessagesService,
  ],
  exports: [
    LogService,
    LogRepository,
    OutboxService,
    ReadingService,
    ReadingTurns,
    Deliveries,
    MessagesService,
  ],
})
export class LogModule {}
