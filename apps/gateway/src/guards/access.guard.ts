import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { accessOf } from '@veche/access';
import { admit } from './admit';
import type { IdentifiedRequest } from './caller';

/** Last of the guards: whether who calls may call this. */
@Injectable()
export class AccessGuard implements CanActivate {
  canActivate(context: ExecutionContext): true {
    if (context.getType() !== 'http') return true;
    const { caller } = context.switchToHttp().getRequest<IdentifiedRequest>();
    const access = accessOf(context.getHandler());
    // a stale token must not keep anybody from logging in
    if (caller.refusal && access !== 'public') throw caller.refusal;
    admit(access, caller.principal);
    return true;
  }
}
