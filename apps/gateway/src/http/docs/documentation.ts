import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { REFRESH_COOKIE } from '../auth/refresh-cookie';
import { ProblemDto } from './problem.dto';

/** Swagger UI at `/docs`, the OpenAPI document at `/docs-json`. */
export const serveDocumentation = (app: NestFastifyApplication): void => {
  const description = new DocumentBuilder()
    .setTitle('Veche')
    .setDescription(
      'Register or log in, put the `accessToken` of the answer into **Authorize**, and try the calls. ' +
        'Errors are `application/problem+json` with a `code` to act on.',
    )
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'The access token' })
    .addCookieAuth(
      REFRESH_COOKIE,
      { type: 'apiKey', description: 'The refresh token of browsers' },
      'refresh',
    )
    .build();
  SwaggerModule.setup(
    'docs',
    app,
    () => SwaggerModule.createDocument(app, description, { extraModels: [ProblemDto] }),
    {
      customSiteTitle: 'Veche',
      // without the badge, for which the page would ask a server on the internet
      swaggerOptions: { persistAuthorization: true, validatorUrl: null },
    },
  );
};
