import { type ExecutionContext, Injectable } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { ANONYMOUS, type Identified } from '@veche/access';
import { AppError } from '@veche/errors';
import { httpRequestIsOf } from '@veche/telemetry';
import type { FastifyRequest } from 'fastify';
import type { Caller } from './caller';

/** First of the guards: finds out who calls, and lets everybody on. */
@Injectable()
export class IdentityGuard extends AuthGuard('bearer') {
  override async canActivate(context: ExecutionContext): Promise<boolean> {
    // a socket was asked who it is when it connected
    return context.getType() !== 'http' || ((await super.canActivate(context)) as true);
  }

  override getAuthenticateOptions(): { session: false; property: string } {
    return { session: false, property: 'caller' };
  }

  override handleRequest<T = Caller>(
    error: Error | null,
    user: Identified | false,
    _info: unknown,
    context: ExecutionContext,
  ): T {
    if (user && user.kind === 'user')
      httpRequestIsOf(context.switchToHttp().getRequest<FastifyRequest>().raw, {
        user: user.userId,
        session: user.sessionId,
      });
    return callerOf(error, user) as T;
  }
}

const callerOf = (error: Error | null, user: Identified | false): Caller => {
  if (error instanceof AppError) return { principal: ANONYMOUS, refusal: error };
  if (error) throw error;
  return { principal: user === false ? ANONYMOUS : user };
};
