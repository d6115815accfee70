import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { loadConfig, runsOn } from '@veche/config';
import { runProcess } from '@veche/lifecycle';
import { openLogger } from '@veche/telemetry';
import { addressOf, configureGateway, gatewayAdapter } from './gateway.app';
import { HealthService } from './health/health.service';
import { mainModule } from './main.module';
import { whereThingsAre } from './where-things-are';

runProcess('gateway', async () => {
  const config = loadConfig(['SERVICE_TOKEN']);
  const logger = openLogger(config.LOG_LEVEL, 'gateway');
  logger.log(runsOn('gateway', config), 'Veche');
  const app = await NestFactory.create<NestFastifyApplication>(
    mainModule(config, config.SERVICE_TOKEN),
    gatewayAdapter(config),
    { logger, abortOnError: false },
  );
  await configureGateway(app, config);
  await app.listen(addressOf(config));
  const lines = whereThingsAre(await app.getUrl(), config);
  void app
    .get(HealthService, { strict: false })
    .untilAble((why) => void logger.warn(`listening, and waiting for ${why}`, 'Veche'))
    .then(() => lines.forEach((line) => void logger.log(line, 'Veche')));
  return app;
});
