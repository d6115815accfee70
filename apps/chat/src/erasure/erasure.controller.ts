import { Controller } from '@nestjs/common';
import { Access } from '@veche/access';
import { ERASURE } from '@veche/contracts';
import { ForgetUserDto } from '@veche/dto';
import { type Handlers, RpcService } from '@veche/rpc';
import { ErasureService } from './erasure.service';

@Controller()
@RpcService(ERASURE)
export class ErasureController implements Handlers<typeof ERASURE.definition> {
  constructor(private readonly erasure: ErasureService) {}

  @Access('service')
  forgetUser(request: ForgetUserDto) {
    return this.erasure.forget(request);
  }
}
