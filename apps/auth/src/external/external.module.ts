import { Module } from '@nestjs/common';
import { DeletionModule } from '../deletion/deletion.module';
import { ManagementModule } from '../management/management.module';
import { SessionsModule } from '../sessions/sessions.module';
import { UsersModule } from '../users/users.module';
import { ExternalAccounts } from './external-accounts';
import { ExternalUsersController } from './external-users.controller';
import { ExternalUsersService } from './external-users.service';

/** Users of another product: accounts without a password, that it keeps. */
@Module({
  imports: [DeletionModule, ManagementModule, SessionsModule, UsersModule],
  controllers: [ExternalUsersController],
  providers: [ExternalAccounts, ExternalUsersService],
  exports: [ExternalAccounts],
})
export class ExternalModule {}
