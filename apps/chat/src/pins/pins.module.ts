import { Module } from '@nestjs/common';
import { LogModule } from '../log/log.module';
import { MembersModule } from '../members/members.module';
import { PinsController } from './pins.controller';
import { PinsRepository } from './pins.repository';
import { PinsService } from './pins.service';

/** What a room keeps at hand. */
@Module({
  imports: [LogModule, MembersModule],
  controllers: [PinsController],
  providers: [PinsService, PinsRepository],
})
export class PinsModule {}
