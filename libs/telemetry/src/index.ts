export { httpRequestIsOf, inRequest, requestIsOf, requestIsTraced, type RequestOfLine } from './in-request';
export { openLogger } from './logger';
export { TelemetryModule } from './telemetry.module';
export {
  childSpan,
  ending,
  failureOf,
  failureOfStatus,
  inSpan,
  type Span,
  spanOfNow,
  tracer,
} from './tracing/tracer';
export { TracingModule } from './tracing/tracing.module';
