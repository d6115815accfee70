import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { loadConfig, runsOn } from '@veche/config';
import { DELIVERY, MESSAGES, ROOMS } from '@veche/contracts';
import { runProcess } from '@veche/lifecycle';
import { grpcServer } from '@veche/rpc';
import { openLogger } from '@veche/telemetry';
import { mainModule } from './main.module';

runProcess(async () => {
  const config = loadConfig(['SERVICE_TOKEN', 'CHAT_DATABASE_URL']);
  const logger = openLogger(config.LOG_LEVEL);
  logger.log(runsOn('chat', config), 'Veche');
  const app = await NestFactory.createMicroservice(
    mainModule(config, config.CHAT_DATABASE_URL, config.SERVICE_TOKEN),
    {
      ...grpcServer(config.GRPC_URL ?? config.CHAT_GRPC_URL, [ROOMS, MESSAGES, DELIVERY]),
      logger,
      abortOnError: false,
    },
  );
  await app.listen();
  return app;
});
