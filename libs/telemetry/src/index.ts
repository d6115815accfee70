export { httpRequestIsOf, inRequest, requestIsOf, type RequestOfLine } from './in-request';
export { openLogger } from './logger';
export { TelemetryModule } from './telemetry.module';
