import { Module } from '@nestjs/common';
import { EventsModule } from '../events/events.module';
import { KeysModule } from '../keys/keys.module';
import { UsersModule } from '../users/users.module';
import { Proofs } from './proofs';
import { SessionsRepository } from './sessions.repository';
import { SessionsService } from './sessions.service';
import { SessionsUpkeep } from './sessions.upkeep';

/** Sessions and the tokens that keep them. */
@Module({
  imports: [EventsModule, KeysModule, UsersModule],
  providers: [Proofs, SessionsRepository, SessionsService, SessionsUpkeep],
  exports: [Proofs, SessionsRepository, SessionsService],
})
export class SessionsModule {}
