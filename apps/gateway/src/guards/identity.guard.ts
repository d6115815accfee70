import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { ANONYMOUS, type UserPrincipal } from '@veche/access';
import { AppError } from '@veche/errors';
import { Authenticator } from '@veche/rpc';
import { Passport } from 'passport';
import { BearerStrategy } from './bearer.strategy';
import type { Caller, IdentifiedRequest } from './caller';

type Middleware = (request: object, response: undefined, next: (error: unknown) => void) => void;

/** First of the guards: finds out who calls, and lets everybody on. */
@Injectable()
export class IdentityGuard implements CanActivate {
  // the default instance would be shared by all applications of a process
  private readonly passport = new Passport();

  constructor(authenticator: Authenticator) {
    this.passport.use('bearer', new BearerStrategy(authenticator));
  }

  async canActivate(context: ExecutionContext): Promise<true> {
    if (context.getType() === 'http') {
      const request = context.switchToHttp().getRequest<IdentifiedRequest>();
      request.caller = await this.identify(request);
    }
    return true;
  }

  private identify(request: IdentifiedRequest): Promise<Caller> {
    return new Promise((resolve, reject) => {
      const found = (error: Error | null, user: UserPrincipal | false): void => {
        if (error instanceof AppError) resolve({ principal: ANONYMOUS, refusal: error });
        else if (error) reject(error);
        else resolve({ principal: user === false ? ANONYMOUS : user });
      };
      const authenticate = this.passport.authenticate('bearer', { session: false }, found) as Middleware;
      authenticate(request, undefined, reject);
    });
  }
}
