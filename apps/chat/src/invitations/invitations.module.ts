import { Module } from '@nestjs/common';
import { LogModule } from '../log/log.module';
import { MembersModule } from '../members/members.module';
import { RoomsModule } from '../rooms/rooms.module';
import { InvitationsController } from './invitations.controller';
import { InvitationsService } from './invitations.service';

/** Rooms that somebody has left, and is asked back into. */
@Module({
  imports: [LogModule, MembersModule, RoomsModule],
  controllers: [InvitationsController],
  providers: [InvitationsService],
})
export class InvitationsModule {}
