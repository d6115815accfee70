import { Controller } from '@nestjs/common';
import { Access } from '@veche/access';
import { ACCESS, type CheckResponse } from '@veche/contracts';
import { CheckDto } from '@veche/dto';
import { type Call, type Handlers, RpcService } from '@veche/rpc';
import { AccessService } from './access.service';

@Controller()
@RpcService(ACCESS)
export class AccessController implements Handlers<typeof ACCESS.definition> {
  constructor(private readonly access: AccessService) {}

  @Access('public')
  check(request: CheckDto, call: Call): CheckResponse {
    return this.access.check(request, call);
  }
}
