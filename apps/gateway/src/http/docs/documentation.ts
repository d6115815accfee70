import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { REFRESH_COOKIE } from '../auth/refresh-cookie';
import { entrySchemas } from './entry-schemas';
import events from './events.gen.json';
import { type EventsDocument, eventsPage } from './events.page';
import { problemAnswer } from './fails';
import { prepared } from './prepared';
import { ProblemDto } from './problem.dto';

type Operation = Pick<
  NonNullable<OpenAPIObject['paths'][string]['get']>,
  'requestBody' | 'responses' | 'security'
>;

const JSON_TYPE = 'application/json; charset=utf-8';

/** What every call with a body can be answered with. */
const BODY_PROBLEMS = {
  413: problemAnswer(['payload_too_large']),
  415: problemAnswer(['unsupported_media_type']),
};

/** Swagger UI at `/docs`, the OpenAPI document at `/docs-json`; for the sockets `/docs/events`, also with `.json`. */
export const serveDocumentation = (app: NestFastifyApplication): void => {
  const description = new DocumentBuilder()
    .setTitle('Veche')
    .setDescription(
      'Register or log in, put the `accessToken` of the answer into **Authorize**, and try the calls. ' +
        'Errors are `application/problem+json` with a `code` to act on.',
    )
    .setVersion('1')
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer('/')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'The access token' })
    .addCookieAuth(
      `${REFRESH_COOKIE}_{installation}`,
      {
        type: 'apiKey',
        description:
          'The refresh token of browsers. The name has a part of the installation, and by HTTPS `__Host-` before it',
      },
      'refresh',
    )
    .build();
  let made: OpenAPIObject | undefined;
  const document = (): OpenAPIObject => (made ??= describe(app, description));
  SwaggerModule.setup('docs', app, document, {
    // its own way writes the document anew for each request
    raw: false,
    customSiteTitle: 'Veche',
    // a token is kept by the page alone, and gone with it; and without the badge, for which the page would ask a
    // server on the internet
    swaggerOptions: { persistAuthorization: false, validatorUrl: null },
  });

  const server = app.getHttpAdapter().getInstance();
  const page = (): string => eventsPage(events as unknown as EventsDocument);
  server.get(
    '/docs-json',
    prepared(JSON_TYPE, () => JSON.stringify(document())),
  );
  server.get('/docs/events', prepared('text/html; charset=utf-8', page));
  server.get(
    '/docs/events.json',
    prepared(JSON_TYPE, () => JSON.stringify(events)),
  );
};

const describe = (
  app: NestFastifyApplication,
  description: ReturnType<DocumentBuilder['build']>,
): OpenAPIObject => {
  const document = SwaggerModule.createDocument(app, description, { extraModels: [ProblemDto] });
  Object.assign(document.components?.schemas ?? {}, entrySchemas());
  for (const operation of Object.values(document.paths).flatMap(
    (path) => Object.values(path) as Operation[],
  )) {
    if (operation.requestBody) Object.assign(operation.responses, BODY_PROBLEMS);
    // said, and not left out: a tool takes what is left out for forgotten
    operation.security ??= [];
  }
  return document;
};
