import { Module } from '@nestjs/common';
import { SessionsModule } from '../sessions/sessions.module';
import { UsersModule } from '../users/users.module';
import { AccountsService } from './accounts.service';
import { Guesses } from './guesses';
import { Passwords } from './passwords';

/** Where a password decides: making an account, logging in, changing the password. */
@Module({
  imports: [SessionsModule, UsersModule],
  providers: [AccountsService, Guesses, Passwords],
  exports: [AccountsService, Guesses, Passwords],
})
export class AccountsModule {}
