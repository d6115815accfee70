import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import { AppError } from '@veche/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { throwError } from 'rxjs';
import type { Routes } from './routes';
import { expectedOf } from './problem.wire';
import { sendProblem } from './send-problem';

/** Every error of the REST door leaves through here: as a problem, and never with a stack. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly log = new Logger('Http');

  constructor(private readonly routes: Routes) {}

  catch(error: unknown, host: ArgumentsHost): unknown {
    // global filters also see the sockets and, in one process, the rpc of the services; those have their own
    if (host.getType() !== 'http') return throwError(() => error);
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    let expected = expectedOf(error);
    if (!expected) {
      this.log.error(
        { err: error, requestId: request.id, method: request.method, path: request.routeOptions.url },
        'unexpected error',
      );
      expected = new AppError('internal');
    }
    const methods = request.is404 ? this.routes.methodsOf(request.url) : [];
    if (methods.length > 0 && !methods.includes(request.method)) {
      void reply.header('allow', methods.join(', '));
      expected = new AppError('method_not_allowed');
    }
    sendProblem(reply, request.id, expected);
    return undefined;
  }
}
