import type { DynamicModule } from '@nestjs/common';
import { BusModule } from '@veche/bus';
import { CacheModule } from '@veche/cache';
import { type Config, ConfigModule } from '@veche/config';
import { ACCESS, API_KEYS, AUTH, EXTERNAL_USERS, USERS } from '@veche/contracts';
import { DatabaseModule, tablesOf } from '@veche/database';
import { BudgetsModule } from '@veche/limits';
import { MetricsModule } from '@veche/metrics';
import { local, RpcModule } from '@veche/rpc';
import { TelemetryModule, TracingModule } from '@veche/telemetry';
import { TokensModule } from '@veche/tokens';
import { AccessController } from '../../auth/src/access/access.controller';
import { ApiKeysController } from '../../auth/src/api-keys/api-keys.controller';
import { AUTH_DATABASE } from '../../auth/src/auth.database';
import { AuthModule } from '../../auth/src/auth.module';
import { AuthController } from '../../auth/src/auth.controller';
import { ExternalUsersController } from '../../auth/src/external/external-users.controller';
import { UsersController } from '../../auth/src/users.controller';
import { chatCalls } from '../../chat/src/chat.calls';
import { CHAT_DATABASE } from '../../chat/src/chat.database';
import { ChatModule } from '../../chat/src/chat.module';
import type { Databases } from './databases';
import { GatewayModule } from '../../gateway/src/gateway.module';

class MainModule {}

/** auth, chat and gateway in one process. */
export const mainModule = (
  config: Config,
  databases: Omit<Databases, 'close'>,
  serviceToken: string,
): DynamicModule => ({
  module: MainModule,
  imports: [
    TelemetryModule.forRoot(config.LOG_LEVEL, 'veche'),
    ConfigModule.forRoot(config),
    MetricsModule.forRoot('monolith'),
    TracingModule.forRoot(config, 'veche'),
    CacheModule.forRoot(config, serviceToken),
    BusModule.forRoot(config, serviceToken),
    BudgetsModule.forRoot(config.REDIS_URL, serviceToken),
    DatabaseModule.forRoot({
      ...AUTH_DATABASE,
      url: databases.auth,
      poolSize: config.DATABASE_POOL,
      tables: tablesOf(config),
    }),
    DatabaseModule.forRoot({
      ...CHAT_DATABASE,
      url: databases.chat,
      poolSize: config.DATABASE_POOL,
      tables: tablesOf(config),
      sessions: databases.chatSessions,
    }),
    RpcModule.forRoot(serviceToken, [
      local(AUTH, AuthController),
      local(USERS, UsersController),
      local(ACCESS, AccessController),
      local(API_KEYS, ApiKeysController),
      local(EXTERNAL_USERS, ExternalUsersController),
      ...chatCalls(local),
    ]),
    TokensModule.forRoot(),
    AuthModule,
    ChatModule,
    GatewayModule,
  ],
});
