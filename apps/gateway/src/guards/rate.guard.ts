import { type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ThrottlerGuard, type ThrottlerLimitDetail, type ThrottlerModuleOptions } from '@nestjs/throttler';
import { nameOf } from '@veche/access';
import type { Config } from '@veche/config';
import { AppError } from '@veche/errors';
import type { JsonServer } from '../http/http-server';
import { CallRates, rateLimited } from '@veche/limits';
import type { IdentifiedRequest } from './caller';

/** Counted in this process: behind several gateways a caller has the sum of what each allows. Passwords are counted by auth. */
export const rates = (config: Config): ThrottlerModuleOptions => ({
  // a sliding window: who was refused may come again as soon as an earlier request is old enough
  throttlers: [{ name: 'calls', ttl: 10_000, limit: config.RATE_LIMIT, blockDuration: 0 }],
  setHeaders: false,
});

/** Second of the guards, so that a user is counted by name and not with everybody behind their address. */
@Injectable()
export class RateGuard extends ThrottlerGuard {
  @Inject() private readonly costs!: CallRates;
  @Inject() private readonly host!: HttpAdapterHost<JsonServer>;

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const request = context.switchToHttp().getRequest<IdentifiedRequest>();
    if (this.host.httpAdapter.isBehind(request)) {
      rateLimited.inc({ limit: 'unread' });
      throw new AppError('rate_limited', { detail: 'Read what you have asked for first' });
    }
    const { principal } = request.caller;
    const name = nameOf(principal);
    const seconds = name === undefined ? 0 : this.costs.wait(name);
    if (seconds > 0) this.refuse(seconds);
    return super.canActivate(context);
  }

  protected override async shouldSkip(context: ExecutionContext): Promise<boolean> {
    return context.getType() !== 'http';
  }

  protected override async getTracker(request: IdentifiedRequest): Promise<string> {
    const name = nameOf(request.caller.principal);
    if (name !== undefined) return `user ${name}`;
    return `address ${await super.getTracker(request)}`;
  }

  protected override generateKey(_context: ExecutionContext, tracker: string, name: string): string {
    return `${name} ${tracker}`;
  }

  protected override async throwThrottlingException(
    _context: ExecutionContext,
    detail: ThrottlerLimitDetail,
  ): Promise<never> {
    this.refuse(detail.timeToBlockExpire);
  }

  private refuse(seconds: number): never {
    rateLimited.inc({ limit: 'calls' });
    throw new AppError('rate_limited', { retryAfter: Math.max(1, Math.ceil(seconds)) });
  }
}
