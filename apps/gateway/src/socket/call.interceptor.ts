import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { AppError } from '@veche/errors';
import { finalize, map, type Observable, throwError, timeout } from 'rxjs';
import { CallsUnderWay } from './calls-under-way';
import { argumentsOf } from './socket-call';

/** Around every call: it is answered `ok` in time, or fails. */
@Injectable()
export class CallInterceptor implements NestInterceptor {
  constructor(private readonly underWay: CallsUnderWay) {}

  intercept(context: ExecutionContext, next: CallHandler<object>): Observable<object> {
    const [, , , { deadline }] = argumentsOf(context);
    const late = (): Observable<never> => throwError(() => new AppError('deadline_exceeded'));
    const end = this.underWay.begin();
    return next.handle().pipe(
      timeout({ first: new Date(deadline), with: late }),
      map((answer) => ({ ok: true, ...answer })),
      finalize(end),
    );
  }
}
