import { Module } from '@nestjs/common';
import { EventsModule } from '../events/events.module';
import { ExternalUsersRepository } from './external-users.repository';
import { UsernamesRepository } from './usernames.repository';
import { UsersRepository } from './users.repository';
import { UsersService } from './users.service';

/** Who there is, and what others see of them. */
@Module({
  imports: [EventsModule],
  providers: [ExternalUsersRepository, UsernamesRepository, UsersRepository, UsersService],
  exports: [ExternalUsersRepository, UsernamesRepository, UsersRepository, UsersService],
})
export class UsersModule {}
