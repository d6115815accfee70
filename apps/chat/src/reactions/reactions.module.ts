import { Module } from '@nestjs/common';
import { LogModule } from '../log/log.module';
import { MembersModule } from '../members/members.module';
import { ReactionsController } from './reactions.controller';
import { ReactionsRepository } from './reactions.repository';
import { ReactionsService } from './reactions.service';

/** What people answer a message with without a word. */
@Module({
  imports: [LogModule, MembersModule],
  controllers: [ReactionsController],
  providers: [ReactionsService, ReactionsRepository],
  exports: [ReactionsService],
})
export class ReactionsModule {}
