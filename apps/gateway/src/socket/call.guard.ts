import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { accessOf } from '@veche/access';
import { Authenticator } from '@veche/rpc';
import { admit } from '../guards/admit';
import { CallRates } from './call-rates';
import { argumentsOf, connectionOf } from './socket-call';

/** Before every call: not too many, and by somebody who may, as their rights are now and not as they were. */
@Injectable()
export class CallGuard implements CanActivate {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly rates: CallRates,
  ) {}

  async canActivate(context: ExecutionContext): Promise<true> {
    const connection = connectionOf(argumentsOf(context)[0]);
    this.rates.spend(connection.principal.userId);
    admit(accessOf(context.getHandler()), await this.authenticator.authenticate(connection.token));
    return true;
  }
}
