import { failureOfStatus, httpRequestIsOf, inSpan, type Span, tracer } from '@veche/telemetry';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** They last for as long as somebody listens. */
const STREAMS: ReadonlySet<string | undefined> = new Set(['/api/v1/events']);

const spans = new WeakMap<FastifyRequest, Span>();

/** The span that a request is answered in, for what it leads to elsewhere. */
export const spanOf = (request: FastifyRequest): Span | undefined => tracer && spans.get(request);

const begin = (request: FastifyRequest): void => {
  const { url: route } = request.routeOptions;
  if (!request.url.startsWith('/api/') || STREAMS.has(route)) return;
  // a path that no route has is a stranger's word, and so is a method
  const [method, name] = request.is404 ? ['_OTHER', 'HTTP'] : [request.method, `${request.method} ${route}`];
  const span = tracer?.begin(name, {
    kind: 'server',
    parent: [request.headers.traceparent].flat()[0],
    attributes: { 'http.request.method': method, ...(!request.is404 && route && { 'http.route': route }) },
  });
  if (!span) return;
  spans.set(request, span);
  httpRequestIsOf(request.raw, { trace: span.traceId });
};

/** Traces each request of the API, within the trace of its `traceparent` where it has one. */
export const traceRequests = (server: FastifyInstance): void => {
  server.addHook('onRequest', (request, _reply, done) => {
    begin(request);
    done();
  });
  // what is read of a body comes by the connection's own ways: from here on they are the request's
  server.addHook('preValidation', (request, _reply, done) => inSpan(spanOf(request), done));
  server.addHook('onResponse', (request, { statusCode }, done) => {
    const span = spanOf(request);
    span?.set({ 'http.response.status_code': statusCode });
    span?.end(failureOfStatus(statusCode));
    done();
  });
};
