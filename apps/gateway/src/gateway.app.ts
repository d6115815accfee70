import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Config } from '@veche/config';

/** What a request body may weigh; the longest message is 4000 characters. */
const MAX_BODY_BYTES = 64 * 1024;

/** The HTTP server that a composition root creates its application on. */
export const gatewayAdapter = (config: Config): FastifyAdapter =>
  new FastifyAdapter({ trustProxy: config.TRUST_PROXY, bodyLimit: MAX_BODY_BYTES });

/**
 * Everything of the door that is no module: plugins, prefixes, documentation. Called by the composition root
 * between `NestFactory.create(…, gatewayAdapter(config))` and `app.listen`.
 */
export const configureGateway = async (app: NestFastifyApplication, config: Config): Promise<void> => {
  if (config.CORS_ORIGINS.length > 0) app.enableCors({ origin: config.CORS_ORIGINS, credentials: true });
};
