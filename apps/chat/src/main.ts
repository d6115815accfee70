import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { loadConfig } from '@veche/config';
import { DELIVERY, MESSAGES, ROOMS } from '@veche/contracts';
import { grpcServer } from '@veche/rpc';
import { mainModule } from './main.module';

const main = async (): Promise<void> => {
  const config = loadConfig(['SERVICE_TOKEN', 'CHAT_DATABASE_URL']);
  const url = config.GRPC_URL ?? config.CHAT_GRPC_URL;
  const app = await NestFactory.createMicroservice(
    mainModule(config, config.CHAT_DATABASE_URL, config.SERVICE_TOKEN),
    grpcServer(url, [ROOMS, MESSAGES, DELIVERY]),
  );
  app.enableShutdownHooks();
  await app.listen();
};

void main();
