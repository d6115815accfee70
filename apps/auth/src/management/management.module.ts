import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module';
import { SessionsModule } from '../sessions/sessions.module';
import { UsersModule } from '../users/users.module';
import { ManagementRepository } from './management.repository';
import { ManagementService } from './management.service';

/** What admins do with accounts. */
@Module({
  imports: [AccountsModule, SessionsModule, UsersModule],
  providers: [ManagementRepository, ManagementService],
  exports: [ManagementRepository, ManagementService],
})
export class ManagementModule {}
