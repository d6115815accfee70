import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { loadConfig } from '@veche/config';
import { ACCESS, AUTH, DELIVERY, MESSAGES, ROOMS, USERS } from '@veche/contracts';
import { grpcServer } from '@veche/rpc';
import { randomBytes } from 'node:crypto';
import { configureGateway, gatewayAdapter } from '../../gateway/src/gateway.app';
import { mainModule } from './main.module';

const main = async (): Promise<void> => {
  const config = loadConfig(['AUTH_DATABASE_URL', 'CHAT_DATABASE_URL']);
  const urls = { auth: config.AUTH_DATABASE_URL, chat: config.CHAT_DATABASE_URL };
  const serviceToken = config.SERVICE_TOKEN ?? randomBytes(32).toString('base64url');
  const app = await NestFactory.create<NestFastifyApplication>(
    mainModule(config, urls, serviceToken),
    gatewayAdapter(config),
  );
  await configureGateway(app, config);
  app.connectMicroservice(grpcServer(config.AUTH_GRPC_URL, [AUTH, USERS, ACCESS]));
  app.connectMicroservice(grpcServer(config.CHAT_GRPC_URL, [ROOMS, MESSAGES, DELIVERY]));
  app.enableShutdownHooks();
  await app.startAllMicroservices();
  await app.listen(config.PORT, config.HOST);
};

void main();
