import { Module } from '@nestjs/common';
import { BoundsModule } from '../bounds/bounds.module';
import { DeletionModule } from '../deletion/deletion.module';
import { LogModule } from '../log/log.module';
import { MembersModule } from '../members/members.module';
import { RoomNamesRepository } from './room-names.repository';
import { RoomsController } from './rooms.controller';
import { RoomsRepository } from './rooms.repository';
import { RoomsService } from './rooms.service';

/** Rooms: which there are, what they are called, and which are mine. */
@Module({
  imports: [BoundsModule, DeletionModule, LogModule, MembersModule],
  controllers: [RoomsController],
  providers: [RoomsService, RoomsRepository, RoomNamesRepository],
  exports: [RoomsService, RoomsRepository],
})
export class RoomsModule {}
