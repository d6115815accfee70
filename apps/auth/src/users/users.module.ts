import { Module } from '@nestjs/common';
import { EventsModule } from '../events/events.module';
import { UsernamesRepository } from './usernames.repository';
import { UsersRepository } from './users.repository';
import { UsersService } from './users.service';

/** Who there is, and what others see of them. */
@Module({
  imports: [EventsModule],
  providers: [UsernamesRepository, UsersRepository, UsersService],
  exports: [UsernamesRepository, UsersRepository, UsersService],
})
export class UsersModule {}
