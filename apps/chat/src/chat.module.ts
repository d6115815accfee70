import { Module } from '@nestjs/common';
import { LogRepository } from './log/log.repository';
import { LogService } from './log/log.service';
import { OutboxRepository } from './log/outbox.repository';
import { OutboxService } from './log/outbox.service';
import { InviteesService } from './members/invitees.service';
import { MembersRepository } from './members/members.repository';
import { MembersService } from './members/members.service';
import { StandingService } from './members/standing.service';
import { RoomsController } from './rooms/rooms.controller';
import { RoomsRepository } from './rooms/rooms.repository';
import { RoomsService } from './rooms/rooms.service';

@Module({
  controllers: [RoomsController],
  providers: [
    LogRepository,
    LogService,
    OutboxRepository,
    OutboxService,
    RoomsService,
    RoomsRepository,
    MembersService,
    MembersRepository,
    InviteesService,
    StandingService,
  ],
})
export class ChatModule {}
