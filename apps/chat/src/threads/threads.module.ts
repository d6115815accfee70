import { Module } from '@nestjs/common';
import { LogModule } from '../log/log.module';
import { MembersModule } from '../members/members.module';
import { FollowersRepository } from './followers.repository';
import { ThreadsController } from './threads.controller';
import { ThreadsRepository } from './threads.repository';
import { ThreadsService } from './threads.service';

/** What hangs on messages, who follows it, and how far they have read. */
@Module({
  imports: [LogModule, MembersModule],
  controllers: [ThreadsController],
  providers: [ThreadsService, ThreadsRepository, FollowersRepository],
  exports: [ThreadsRepository, FollowersRepository],
})
export class ThreadsModule {}
