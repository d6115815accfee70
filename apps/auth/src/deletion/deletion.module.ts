import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module';
import { ManagementModule } from '../management/management.module';
import { SessionsModule } from '../sessions/sessions.module';
import { UsersModule } from '../users/users.module';
import { DeletionsRepository } from './deletions.repository';
import { DeletionsService } from './deletions.service';
import { DeletionsUpkeep } from './deletions.upkeep';

/** How an account ends, and what is told of it until chat has done its part. */
@Module({
  imports: [AccountsModule, ManagementModule, SessionsModule, UsersModule],
  providers: [DeletionsRepository, DeletionsService, DeletionsUpkeep],
  exports: [DeletionsService],
})
export class DeletionModule {}
