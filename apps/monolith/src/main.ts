import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { loadConfig, runsOn } from '@veche/config';
import { AUTH_CONTRACTS, CHAT_CONTRACTS } from '@veche/contracts';
import { runProcess } from '@veche/lifecycle';
import { grpcServer, tlsOf } from '@veche/rpc';
import { openLogger } from '@veche/telemetry';
import { randomBytes } from 'node:crypto';
import { AuthHealth } from '../../auth/src/health/health.service';
import { ChatHealth } from '../../chat/src/health/health.service';
import { addressOf, configureGateway, gatewayAdapter } from '../../gateway/src/gateway.app';
import { whereThingsAre } from '../../gateway/src/where-things-are';
import { openDatabases } from './databases';
import { mainModule } from './main.module';

runProcess('veche', async () => {
  const config = loadConfig();
  const logger = openLogger(config.LOG_LEVEL, 'veche');
  logger.log(runsOn('everything', config), 'Veche');
  const databases = await openDatabases(config);
  const serviceToken = config.SERVICE_TOKEN ?? randomBytes(32).toString('base64url');
  const app = await NestFactory.create<NestFastifyApplication>(
    mainModule(config, databases, serviceToken),
    gatewayAdapter(config),
    { logger, abortOnError: false },
  );
  await configureGateway(app, config);
  const door = { serviceToken, tls: tlsOf(config), reflection: config.GRPC_REFLECTION };
  const auth = grpcServer(config.AUTH_GRPC_URL, AUTH_CONTRACTS, door);
  const chat = grpcServer(config.CHAT_GRPC_URL, CHAT_CONTRACTS, door);
  for (const server of [auth, chat]) app.connectMicroservice(server);
  await app.startAllMicroservices();
  auth.strategy.tell(() => app.get(AuthHealth, { strict: false }).able());
  chat.strategy.tell(() => app.get(ChatHealth, { strict: false }).able());
  await app.listen(addressOf(config));
  for (const line of whereThingsAre(await app.getUrl(), config)) logger.log(line, 'Veche');
  const close = async (): Promise<void> => {
    await app.close();
    await databases.close();
  };
  return { close };
});
