import type { DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { logOptions } from './log-options';

/** For processes that serve HTTP: a line for each request, and its id in each line that is logged meanwhile. */
export class TelemetryModule {
  static forRoot(level: string, service: string): DynamicModule {
    return LoggerModule.forRoot(logOptions(level, service));
  }
}
