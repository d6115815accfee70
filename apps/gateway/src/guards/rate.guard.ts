import { type ExecutionContext, Inject, Injectable, SetMetadata } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ThrottlerGuard, type ThrottlerLimitDetail, type ThrottlerModuleOptions } from '@nestjs/throttler';
import type { Config } from '@veche/config';
import { AppError } from '@veche/errors';
import type { JsonServer } from '../http/http-server';
import { CallRates, rateLimited } from '@veche/limits';
import type { IdentifiedRequest } from './caller';

const GUESSABLE = 'veche:guessable';

/** For handlers that a stranger could try passwords at: few tries for each address. */
export const Guessable = (): MethodDecorator => SetMetadata(GUESSABLE, true);

const isGuessable = (context: ExecutionContext): boolean =>
  Reflect.getMetadata(GUESSABLE, context.getHandler()) === true;

/** Counted in this process: behind several gateways a caller has the sum of what each allows. */
export const rates = (config: Config): ThrottlerModuleOptions => ({
  // a sliding window: who was refused may come again as soon as an earlier request is old enough
  throttlers: [
    {
      name: 'guesses',
      ttl: 60_000,
      limit: config.AUTH_RATE_LIMIT,
      blockDuration: 0,
      skipIf: (context) => !isGuessable(context),
    },
    { name: 'calls', ttl: 10_000, limit: config.RATE_LIMIT, blockDuration: 0, skipIf: isGuessable },
  ],
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
    const seconds = principal.kind === 'user' ? this.costs.wait(principal.userId) : 0;
    if (seconds > 0) this.refuse('calls', seconds);
    return super.canActivate(context);
  }

  protected override async shouldSkip(context: ExecutionContext): Promise<boolean> {
    return context.getType() !== 'http';
  }

  protected override async getTracker(
    request: IdentifiedRequest,
    context?: ExecutionContext,
  ): Promise<string> {
    const { principal } = request.caller;
    if (principal.kind === 'user' && !(context && isGuessable(context))) return `user ${principal.userId}`;
    return `address ${await super.getTracker(request)}`;
  }

  protected override generateKey(_context: ExecutionContext, tracker: string, name: string): string {
    return `${name} ${tracker}`;
  }

  protected override async throwThrottlingException(
    context: ExecutionContext,
    detail: ThrottlerLimitDetail,
  ): Promise<never> {
    this.refuse(isGuessable(context) ? 'guesses' : 'calls', detail.timeToBlockExpire);
  }

  private refuse(limit: 'guesses' | 'calls', seconds: number): never {
    rateLimited.inc({ limit });
    throw new AppError('rate_limited', { retryAfter: Math.max(1, Math.ceil(seconds)) });
  }
}
