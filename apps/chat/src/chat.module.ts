import { Module } from '@nestjs/common';
import { LogRepository } from './log/log.repository';
import { LogService } from './log/log.service';
import { OutboxRepository } from './log/outbox.repository';
import { OutboxService } from './log/outbox.service';

@Module({ providers: [LogRepository, LogService, OutboxRepository, OutboxService] })
export class ChatModule {}
