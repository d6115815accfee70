import type { DynamicModule } from '@nestjs/common';
import { BusModule } from '@veche/bus';
import { CacheModule } from '@veche/cache';
import { type Config, ConfigModule } from '@veche/config';
import { AUTH, USERS } from '@veche/contracts';
import { DatabaseModule, tablesOf } from '@veche/database';
import { MetricsModule } from '@veche/metrics';
import { remote, RpcModule, tlsOf } from '@veche/rpc';
import { TracingModule } from '@veche/telemetry';
import { TokensModule } from '@veche/tokens';
import { CHAT_DATABASE } from './chat.database';
import { ChatModule } from './chat.module';

class MainModule {}

/** chat as a process of its own. */
export const mainModule = (config: Config, databaseUrl: string, serviceToken: string): DynamicModule => {
  const tls = tlsOf(config);
  return {
    module: MainModule,
    imports: [
      ConfigModule.forRoot(config),
      MetricsModule.forRoot('chat'),
      TracingModule.forRoot(config, 'veche-chat'),
      CacheModule.forRoot(config, serviceToken),
      BusModule.forRoot(config, serviceToken),
      DatabaseModule.forRoot({
        ...CHAT_DATABASE,
        url: databaseUrl,
        poolSize: config.DATABASE_POOL,
        tables: tablesOf(config),
      }),
      RpcModule.forRoot(serviceToken, [
        remote(AUTH, config.AUTH_GRPC_URL, tls),
        remote(USERS, config.AUTH_GRPC_URL, tls),
      ]),
      TokensModule.forRoot(),
      ChatModule,
    ],
  };
};
