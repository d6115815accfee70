import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import { acknowledgementOf, AppError } from '@veche/errors';
import { argumentsOf } from './socket-call';

/** Answers a failed call, whatever it failed of. */
@Catch()
export class CallFilter implements ExceptionFilter {
  private readonly log = new Logger('Sockets');

  catch(error: unknown, host: ArgumentsHost): void {
    const [, , acknowledge, { requestId }] = argumentsOf(host);
    if (error instanceof AppError) return acknowledge(acknowledgementOf(error));
    this.log.error({ err: error, requestId }, 'unexpected error');
    acknowledge(acknowledgementOf(new AppError('internal'), requestId));
  }
}
