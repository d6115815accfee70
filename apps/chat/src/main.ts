import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { loadConfig, runsOn } from '@veche/config';
import { CHAT_CONTRACTS } from '@veche/contracts';
import { runProcess } from '@veche/lifecycle';
import { grpcServer, tlsOf } from '@veche/rpc';
import { openLogger } from '@veche/telemetry';
import { ChatHealth } from './health/health.service';
import { mainModule } from './main.module';

runProcess('chat', async () => {
  const config = loadConfig(['SERVICE_TOKEN', 'CHAT_DATABASE_URL']);
  const logger = openLogger(config.LOG_LEVEL, 'chat');
  logger.log(runsOn('chat', config), 'Veche');
  const server = grpcServer(config.GRPC_URL ?? config.CHAT_GRPC_URL, CHAT_CONTRACTS, {
    serviceToken: config.SERVICE_TOKEN,
    tls: tlsOf(config),
    reflection: config.GRPC_REFLECTION,
  });
  const app = await NestFactory.createMicroservice(
    mainModule(config, config.CHAT_DATABASE_URL, config.SERVICE_TOKEN),
    {
      ...server,
      logger,
      abortOnError: false,
    },
  );
  await app.listen();
  const health = app.get(ChatHealth, { strict: false });
  server.strategy.tell(() => health.able());
  return app;
});
