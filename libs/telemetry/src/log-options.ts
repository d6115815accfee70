import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Params } from 'nestjs-pino';
import pretty from 'pino-pretty';
import type { DestinationStream } from 'pino';
import type { Options } from 'pino-http';
import { VERSION } from '@veche/config';
import { askerOf, requestOfNow } from './in-request';
import { told } from './told';
import { spanOfNow } from './tracing/tracer';

/**
 * What must be in no log, whoever logs it and however deep it stands: pino looks at these paths only, so each is
 * named at the top and one and two levels below it.
 */
const SECRETS = [
  'authorization',
  'cookie',
  '["set-cookie"]',
  'token',
  'accessToken',
  'refreshToken',
  'serviceToken',
  'password',
  'currentPassword',
  'newPassword',
  'secret',
];
const below = (name: string, depth: number): string =>
  '*.'.repeat(depth).slice(0, name.startsWith('[') ? -1 : undefined) + name;
const redact = SECRETS.flatMap((name) => [0, 1, 2].map((depth) => below(name, depth)));

/** The path alone: what people search for is not ours to keep. Within Nest's middleware `url` is a part of it. */
const pathOf = (request: IncomingMessage & { originalUrl?: string }): string | undefined =>
  (request.originalUrl ?? request.url)?.split('?', 1)[0];

const lineOf = (request: IncomingMessage, value: object): object => ({
  req: request,
  ...askerOf(request),
  ...value,
});

/**
 * How each process logs: JSON, a line for each event; text where a person is looking at it.
 * @param service what runs in the process
 * @param output instead of standard output
 */
export const logOptions = (level: string, service: string, output?: DestinationStream): Params => {
  const options: Options<IncomingMessage, ServerResponse> = {
    level,
    base: { service, version: VERSION, pid: process.pid },
    redact,
    genReqId: (request) => request.id,
    // a line of a request carries its id, and not its headers again and again
    quietReqLogger: true,
    quietResLogger: true,
    customAttributeKeys: { reqId: 'requestId' },
    mixin: (_line, _level, logger) => {
      const { requestId, ...known } = requestOfNow() ?? {};
      const span = spanOfNow();
      const who = span ? { ...known, trace: span.traceId } : known;
      // the logger of an HTTP request has its id already
      return requestId === undefined || 'requestId' in logger.bindings() ? who : { requestId, ...who };
    },
    autoLogging: { ignore: (request) => pathOf(request)?.startsWith('/health/') ?? false },
    wrapSerializers: false,
    serializers: {
      err: (error: unknown) => told(error),
      req: (request: IncomingMessage) => ({ method: request.method, path: pathOf(request) }),
      res: ({ statusCode }: ServerResponse) => ({ status: statusCode }),
    },
    customSuccessObject: (request, _response, value: object) => lineOf(request, value),
    customErrorObject: (request, _response, _error, value: object) => lineOf(request, value),
    customLogLevel: (_request, response, error) => (error || response.statusCode >= 500 ? 'error' : 'info'),
  };
  const person =
    process.stdout.isTTY &&
    pretty({ ignore: 'context,service,version,pid', messageFormat: '{context}: {msg}', sync: true });
  const stream = output ?? (person || undefined);
  // nestjs-pino's own default matches nothing on Fastify
  return { forRoutes: ['*path'], pinoHttp: stream ? [options, stream] : options };
};
