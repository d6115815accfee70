import { Controller } from '@nestjs/common';
import { Access } from '@veche/access';
import { PRESENCE, type SetTypingResponse } from '@veche/contracts';
import { SetTypingDto } from '@veche/dto';
import { type Call, type Handlers, RpcService } from '@veche/rpc';
import { TypingService } from './typing.service';

@Controller()
@RpcService(PRESENCE)
export class PresenceController implements Handlers<typeof PRESENCE.definition> {
  constructor(private readonly typing: TypingService) {}

  @Access('messages.send')
  setTyping(request: SetTypingDto, call: Call): Promise<SetTypingResponse> {
    return this.typing.set(request, call);
  }
}
