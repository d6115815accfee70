import type { DynamicModule } from '@nestjs/common';
import { type Config, ConfigModule } from '@veche/config';
import { AUTH_CONTRACTS, CHAT_CONTRACTS } from '@veche/contracts';
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
        ...AUTH_CONTRACTS.map((contract) => remote(contract, config.AUTH_GRPC_URL, tls)),
        ...CHAT_CONTRACTS.map((contract) => remote(contract, config.CHAT_GRPC_URL, tls)),
      ]),
      TokensModule.forRoot(),
      GatewayModule,
    ],
  };
};
