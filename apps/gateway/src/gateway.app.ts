import cookies from '@fastify/cookie';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Config } from '@veche/config';
import { serveDocumentation } from './http/docs/documentation';
import { ProblemFilter } from './http/problems/problem.filter';
import { Routes } from './http/problems/routes';
import { serveWebClient } from './http/web/web-client';
import { InputPipe } from './input.pipe';
import { REQUEST_ID_HEADER } from './http/requests/request-id';
import { SocketAdapter } from './socket/socket.adapter';

export { gatewayAdapter } from './http/http-server';

/**
 * Connections that may wait to be taken. After a restart thousands come back at once, and who finds no room is not told
 * but tries again by itself after one, three, seven seconds (RFC 6298).
 */
const BACKLOG = 4096;

/** Where the door is. */
export const addressOf = ({ PORT, HOST }: Config): { port: number; host: string; backlog: number } => ({
  port: PORT,
  host: HOST,
  backlog: BACKLOG,
});

/**
 * Everything of the door that is no module: plugins, headers, documentation. Called by the composition root
 * between `NestFactory.create(…, gatewayAdapter(config))` and `app.listen(addressOf(config))`.
 */
export const configureGateway = async (app: NestFastifyApplication, config: Config): Promise<void> => {
  const routes = new Routes(app.getHttpAdapter().getInstance());
  app.useGlobalFilters(new ProblemFilter(routes));
  app.useGlobalPipes(new InputPipe());
  app.useWebSocketAdapter(new SocketAdapter(app, config));

  app.useSecurityHeaders({
    // both would break a door that is reached by plain HTTP, as one at home is
    strictTransportSecurity: config.SECURE_COOKIES && { includeSubDomains: false },
    contentSecurityPolicy: { directives: { upgradeInsecureRequests: config.SECURE_COOKIES } },
  });
  // pages of other sites neither call nor read, bearer token or not
  app.enableCsrfProtection({ trustedOrigins: config.CORS_ORIGINS });
  if (config.CORS_ORIGINS.length > 0)
    app.enableCors({
      origin: config.CORS_ORIGINS,
      credentials: true,
      methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
      // OPTIONS that is no preflight would be told so in plain text
      strictPreflight: false,
      exposedHeaders: [
        REQUEST_ID_HEADER,
        'retry-after',
        'dpop-nonce',
        'location',
        'upload-offset',
        'upload-length',
        'tus-resumable',
        'content-range',
        'content-disposition',
      ],
    });

  await app.register(cookies);
  serveDocumentation(app);
  await serveWebClient(app);
};
