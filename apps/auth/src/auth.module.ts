import { Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { AccessController } from './access/access.controller';
import { AccessService } from './access/access.service';
import { AccountsService } from './accounts/accounts.service';
import { Guesses } from './accounts/guesses';
import { Passwords } from './accounts/passwords';
import { Clock } from './clock';
import { DeletionsRepository } from './deletion/deletions.repository';
import { DeletionsService } from './deletion/deletions.service';
import { DeletionsUpkeep } from './deletion/deletions.upkeep';
import { InstallationRepository } from './installation/installation.repository';
import { AuthHealth } from './health/health.service';
import { keysProvider } from './keys/keys.service';
import { ManagementRepository } from './management/management.repository';
import { ManagementService } from './management/management.service';
import { Proofs } from './sessions/proofs';
import { SessionEvents } from './sessions/session-events';
import { SessionsController } from './sessions/sessions.controller';
import { SessionsRepository } from './sessions/sessions.repository';
import { SessionsService } from './sessions/sessions.service';
import { SessionsUpkeep } from './sessions/sessions.upkeep';
import { UsersController } from './users/users.controller';
import { UsernamesRepository } from './users/usernames.repository';
import { UsersRepository } from './users/users.repository';
import { UsersService } from './users/users.service';

/** Accounts, sessions, the keys of their tokens, profiles and rights. */
@Module({
  imports: [JwtModule.register({})],
  controllers: [SessionsController, UsersController, AccessController],
  providers: [
    Clock,
    Passwords,
    AuthHealth,
    keysProvider,
    AccountsService,
    Guesses,
    ManagementRepository,
    ManagementService,
    DeletionsRepository,
    DeletionsService,
    DeletionsUpkeep,
    InstallationRepository,
    Proofs,
    SessionEvents,
    SessionsRepository,
    SessionsService,
    SessionsUpkeep,
    UsernamesRepository,
    UsersRepository,
    UsersService,
    AccessService,
  ],
})
export class AuthModule {}
