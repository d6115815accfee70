import type { DynamicModule } from '@nestjs/common';
import { BusModule } from '@veche/bus';
import { CacheModule } from '@veche/cache';
import { type Config, ConfigModule } from '@veche/config';
import { AUTH, ERASURE } from '@veche/contracts';
import { DatabaseModule, tablesOf } from '@veche/database';
import { BudgetsModule } from '@veche/limits';
import { MetricsModule } from '@veche/metrics';
import { local, remote, RpcModule, tlsOf } from '@veche/rpc';
import { TracingModule } from '@veche/telemetry';
import { TokensModule } from '@veche/tokens';
import { AUTH_DATABASE } from './auth.database';
import { AuthModule } from './auth.module';
import { AuthController } from './auth.controller';

class MainModule {}

/** auth as a process of its own. */
export const mainModule = (config: Config, databaseUrl: string, serviceToken: string): DynamicModule => ({
  module: MainModule,
  imports: [
    ConfigModule.forRoot(config),
    MetricsModule.forRoot('auth'),
    TracingModule.forRoot(config, 'veche-auth'),
    CacheModule.forRoot(config, serviceToken),
    BusModule.forRoot(config, serviceToken),
    BudgetsModule.forRoot(config.REDIS_URL, serviceToken),
    DatabaseModule.forRoot({
      ...AUTH_DATABASE,
      url: databaseUrl,
      poolSize: config.DATABASE_POOL,
      tables: tablesOf(config),
    }),
    RpcModule.forRoot(serviceToken, [
      local(AUTH, AuthController),
      remote(ERASURE, config.CHAT_GRPC_URL, tlsOf(config)),
    ]),
    TokensModule.forRoot(),
    AuthModule,
  ],
});
