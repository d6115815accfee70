import { Controller } from '@nestjs/common';
import { Access } from '@veche/access';
import { type ListReactionsResponse, REACTIONS, type SetReactionResponse } from '@veche/contracts';
import { ListReactionsDto, SetReactionDto } from '@veche/dto';
import { type Call, type Handlers, RpcService } from '@veche/rpc';
import { ReactionsService } from './reactions.service';

@Controller()
@RpcService(REACTIONS)
export class ReactionsController implements Handlers<typeof REACTIONS.definition> {
  constructor(private readonly reactions: ReactionsService) {}

  @Access('messages.send')
  setReaction(request: SetReactionDto, call: Call): Promise<SetReactionResponse> {
    return this.reactions.set(request, call);
  }

  @Access('messages.read')
  listReactions(request: ListReactionsDto, call: Call): Promise<ListReactionsResponse> {
    return this.reactions.list(request, call);
  }
}
