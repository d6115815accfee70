import { Module } from '@nestjs/common';
import { AttachmentsModule } from '../attachments/attachments.module';
import { LogModule } from '../log/log.module';
import { MembersModule } from '../members/members.module';
import { MentionsModule } from '../mentions/mentions.module';
import { ThreadsModule } from '../threads/threads.module';
import { MessageChangesService } from './message-changes.service';
import { MessageSendingService } from './message-sending.service';
import { MessagesController } from './messages.controller';
import { MessagesRepository } from './messages.repository';

/** Messages are written, changed and read. */
@Module({
  imports: [LogModule, MembersModule, MentionsModule, AttachmentsModule, ThreadsModule],
  controllers: [MessagesController],
  providers: [MessageChangesService, MessageSendingService, MessagesRepository],
})
export class MessagesModule {}
