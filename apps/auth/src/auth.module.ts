import { Global, Module } from '@nestjs/common';
import { AuthController } from './auth.controller';
import { Clock } from './clock';
import { AccessModule } from './access/access.module';
import { AccountsModule } from './accounts/accounts.module';
import { ApiKeysModule } from './api-keys/api-keys.module';
import { DeletionModule } from './deletion/deletion.module';
import { EventsModule } from './events/events.module';
import { ExternalModule } from './external/external.module';
import { HealthModule } from './health/health.module';
import { InstallationModule } from './installation/installation.module';
import { IssuersModule } from './issuers/issuers.module';
import { KeysModule } from './keys/keys.module';
import { ManagementModule } from './management/management.module';
import { SessionsModule } from './sessions/sessions.module';
import { UsersModule } from './users/users.module';
import { UsersController } from './users.controller';

@Global()
@Module({ providers: [Clock], exports: [Clock] })
class ClockModule {}

/** Accounts, sessions, the keys of their tokens, profiles and rights. Each capability stands on those before it. */
@Module({
  imports: [
    ClockModule,
    KeysModule,
    InstallationModule,
    HealthModule,
    EventsModule,
    ApiKeysModule,
    UsersModule,
    SessionsModule,
    AccountsModule,
    ManagementModule,
    DeletionModule,
    ExternalModule,
    IssuersModule,
    AccessModule,
  ],
  controllers: [AuthController, UsersController],
})
export class AuthModule {}
