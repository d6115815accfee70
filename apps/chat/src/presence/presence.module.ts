import { Module } from '@nestjs/common';
import { LogModule } from '../log/log.module';
import { MembersModule } from '../members/members.module';
import { PresenceController } from './presence.controller';
import { PresenceRepository } from './presence.repository';
import { PresenceService } from './presence.service';
import { PresenceUpkeep } from './presence.upkeep';
import { TypingService } from './typing.service';

/** Who is here, and who writes. */
@Module({
  imports: [LogModule, MembersModule],
  controllers: [PresenceController],
  providers: [TypingService, PresenceService, PresenceRepository, PresenceUpkeep],
  exports: [PresenceRepository],
})
export class PresenceModule {}
