import { Injectable } from '@nestjs/common';
import { isPermission, may } from '@veche/access';
import { type CheckResponse, Role, roleText } from '@veche/contracts';
import type { CheckDto } from '@veche/dto';
import { AppError } from '@veche/errors';
import type { Call } from '@veche/rpc';

/** Tells what the table of rights in libs/access says about a caller. */
@Injectable()
export class AccessService {
  check({ permission }: CheckDto, { principal }: Call): CheckResponse {
    if (!isPermission(permission))
      throw new AppError('invalid_input', {
        errors: [{ field: 'permission', message: 'there is no such permission' }],
      });
    if (principal.kind === 'anonymous') return { allowed: false, role: Role.UNSPECIFIED };
    const role = principal.kind === 'user' ? roleText.value(principal.role) : Role.UNSPECIFIED;
    return { allowed: may(principal, permission), role };
  }
}
