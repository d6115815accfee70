import { Module } from '@nestjs/common';
import { BoundsModule } from '../bounds/bounds.module';
import { DeletionModule } from '../deletion/deletion.module';
import { LogModule } from '../log/log.module';
import { InvitationsRepository } from './invitations.repository';
import { InviteesService } from './invitees.service';
import { JoiningService } from './joining.service';
import { MembersController } from './members.controller';
import { MembersRepository } from './members.repository';
import { MembersService } from './members.service';
import { ReadMarksService } from './read-marks.service';
import { StandingService } from './standing.service';

/** Who belongs to a room, as what, and how far they have read. */
@Module({
  imports: [BoundsModule, DeletionModule, LogModule],
  controllers: [MembersController],
  providers: [
    MembersService,
    MembersRepository,
    InvitationsRepository,
    ReadMarksService,
    JoiningService,
    InviteesService,
    StandingService,
  ],
  exports: [MembersRepository, InvitationsRepository, JoiningService, InviteesService, StandingService],
})
export class MembersModule {}
