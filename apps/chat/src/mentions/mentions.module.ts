import { Module } from '@nestjs/common';
import { MembersModule } from '../members/members.module';
import { MentionsRepository } from './mentions.repository';
import { MentionsService } from './mentions.service';

/** Whom a message calls. */
@Module({
  imports: [MembersModule],
  providers: [MentionsService, MentionsRepository],
  exports: [MentionsService],
})
export class MentionsModule {}
