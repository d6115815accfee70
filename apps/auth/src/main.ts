import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { loadConfig, runsOn } from '@veche/config';
import { AUTH_CONTRACTS } from '@veche/contracts';
import { runProcess } from '@veche/lifecycle';
import { grpcServer, tlsOf } from '@veche/rpc';
import { openLogger } from '@veche/telemetry';
import { AuthHealth } from './health/health.service';
import { mainModule } from './main.module';

runProcess('auth', async () => {
  const config = loadConfig(['SERVICE_TOKEN', 'AUTH_DATABASE_URL']);
  const logger = openLogger(config.LOG_LEVEL, 'auth');
  logger.log(runsOn('auth', config), 'Veche');
  const server = grpcServer(config.GRPC_URL ?? config.AUTH_GRPC_URL, AUTH_CONTRACTS, {
    serviceToken: config.SERVICE_TOKEN,
    tls: tlsOf(config),
    reflection: config.GRPC_REFLECTION,
  });
  const app = await NestFactory.createMicroservice(
    mainModule(config, config.AUTH_DATABASE_URL, config.SERVICE_TOKEN),
    {
      ...server,
      logger,
      abortOnError: false,
    },
  );
  await app.listen();
  const health = app.get(AuthHealth, { strict: false });
  server.strategy.tell(() => health.able());
  return app;
});
