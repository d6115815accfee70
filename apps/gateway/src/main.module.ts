import type { DynamicModule } from '@nestjs/common';
import { type Config, ConfigModule } from '@veche/config';
import {
  ACCESS,
  AUTH,
  DELIVERY,
  MESSAGES,
  PRESENCE,
  REACTIONS,
  ROOMS,
  SEARCH,
  USERS,
} from '@veche/contracts';
import { MetricsModule } from '@veche/metrics';
import { remote, RpcModule, tlsOf } from '@veche/rpc';
import { TelemetryModule, TracingModule } from '@veche/telemetry';
import { TokensModule } from '@veche/tokens';
import { GatewayModule } from './gateway.module';

class MainModule {}

/** The gateway as a process of its own. */
export const mainModule = (config: Config, serviceToken: string): DynamicModule => {
  const tls = tlsOf(config);
  return {
    module: MainModule,
    imports: [
      TelemetryModule.forRoot(config.LOG_LEVEL, 'gateway'),
      ConfigModule.forRoot(config),
      MetricsModule.forRoot('gateway'),
      TracingModule.forRoot(config, 'veche-gateway'),
      RpcModule.forRoot(serviceToken, [
        remote(AUTH, config.AUTH_GRPC_URL, tls),
        remote(USERS, config.AUTH_GRPC_URL, tls),
        remote(ACCESS, config.AUTH_GRPC_URL, tls),
        remote(ROOMS, config.CHAT_GRPC_URL, tls),
        remote(MESSAGES, config.CHAT_GRPC_URL, tls),
        remote(REACTIONS, config.CHAT_GRPC_URL, tls),
        remote(SEARCH, config.CHAT_GRPC_URL, tls),
        remote(DELIVERY, config.CHAT_GRPC_URL, tls),
        remote(PRESENCE, config.CHAT_GRPC_URL, tls),
      ]),
      TokensModule.forRoot(),
      GatewayModule,
    ],
  };
};
