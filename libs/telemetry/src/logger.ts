import type { LoggerService } from '@nestjs/common';
import { Logger, PinoLogger } from 'nestjs-pino';
import { logOptions } from './log-options';

/** What Nest tells of its own start, a line for each route. */
const CHATTER = new Set<unknown>([
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'WebSocketsController',
]);

class ProcessLogger extends Logger {
  override log(message: unknown, ...optionalParams: unknown[]): void {
    if (CHATTER.has(optionalParams.at(-1))) this.debug(message, ...optionalParams);
    else super.log(message, ...optionalParams);
  }
}

/**
 * The log of this process, for `NestFactory.create`: whatever uses Nest's `Logger` writes to it from then on.
 * @param level pino's
 * @param service what runs in the process, which each line says
 */
export const openLogger = (level: string, service: string): LoggerService => {
  const options = logOptions(level, service);
  const logger = new PinoLogger(options);
  // a process has one root, with the level of whoever opened it first: its start does, before anything is configured
  PinoLogger.root.level = level;
  return new ProcessLogger(logger, options);
};
