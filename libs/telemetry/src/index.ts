export { inRequest } from './in-request';
export { openLogger } from './logger';
export { TelemetryModule } from './telemetry.module';
