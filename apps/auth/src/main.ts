import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { loadConfig } from '@veche/config';
import { ACCESS, AUTH, USERS } from '@veche/contracts';
import { grpcServer } from '@veche/rpc';
import { mainModule } from './main.module';

const main = async (): Promise<void> => {
  const config = loadConfig(['SERVICE_TOKEN', 'AUTH_DATABASE_URL']);
  const url = config.GRPC_URL ?? config.AUTH_GRPC_URL;
  const app = await NestFactory.createMicroservice(
    mainModule(config, config.AUTH_DATABASE_URL, config.SERVICE_TOKEN),
    grpcServer(url, [AUTH, USERS, ACCESS]),
  );
  app.enableShutdownHooks();
  await app.listen();
};

void main();
