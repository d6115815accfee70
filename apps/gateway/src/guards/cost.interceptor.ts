import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  SetMetadata,
} from '@nestjs/common';
import { nameOf } from '@veche/access';
import { Reflector } from '@nestjs/core';
import { type Observable, tap } from 'rxjs';
import { CallRates, THINGS_A_CALL } from '@veche/limits';
import type { IdentifiedRequest } from './caller';

const COSTS = 'veche:costs';

/** A call that costs as much as so many others, whatever it answers. */
export const Costs = (calls: number): MethodDecorator => SetMetadata(COSTS, calls);

const thingsIn = (answer: unknown): number => {
  const items = (answer as { items?: unknown } | undefined)?.items;
  return Array.isArray(items) ? items.length : 0;
};

/** Counts what the answers of the REST API hold: a page of a thousand entries is not one call like another. */
@Injectable()
export class CostInterceptor implements NestInterceptor {
  constructor(
    private readonly rates: CallRates,
    private readonly reflector: Reflector,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle();
    const { principal } = context.switchToHttp().getRequest<IdentifiedRequest>().caller;
    const name = nameOf(principal);
    if (name === undefined) return next.handle();
    const calls = this.reflector.get<number | undefined>(COSTS, context.getHandler()) ?? 1;
    if (calls > 1) this.rates.answered(name, (calls - 1) * THINGS_A_CALL);
    return next.handle().pipe(tap((answer) => this.rates.answered(name, thingsIn(answer))));
  }
}
