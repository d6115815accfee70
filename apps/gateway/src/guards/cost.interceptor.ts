import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { type Observable, tap } from 'rxjs';
import { CallRates } from '@veche/limits';
import type { IdentifiedRequest } from './caller';

const thingsIn = (answer: unknown): number => {
  const items = (answer as { items?: unknown } | undefined)?.items;
  return Array.isArray(items) ? items.length : 0;
};

/** Counts what the answers of the REST API hold: a page of a thousand entries is not one call like another. */
@Injectable()
export class CostInterceptor implements NestInterceptor {
  constructor(private readonly rates: CallRates) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle();
    const { principal } = context.switchToHttp().getRequest<IdentifiedRequest>().caller;
    if (principal.kind !== 'user') return next.handle();
    return next.handle().pipe(tap((answer) => this.rates.answered(principal.userId, thingsIn(answer))));
  }
}
