import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { loadConfig } from '@veche/config';
import { configureGateway, gatewayAdapter } from './gateway.app';
import { mainModule } from './main.module';

const main = async (): Promise<void> => {
  const config = loadConfig(['SERVICE_TOKEN']);
  const app = await NestFactory.create<NestFastifyApplication>(
    mainModule(config, config.SERVICE_TOKEN),
    gatewayAdapter(config),
  );
  await configureGateway(app, config);
  app.enableShutdownHooks();
  await app.listen(config.PORT, config.HOST);
};

void main();
