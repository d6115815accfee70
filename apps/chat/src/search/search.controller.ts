import { Controller } from '@nestjs/common';
import { Access } from '@veche/access';
import { type FindMomentResponse, SEARCH, type SearchMessagesResponse } from '@veche/contracts';
import { FindMomentDto, SearchMessagesDto } from '@veche/dto';
import { type Call, type Handlers, RpcService } from '@veche/rpc';
import { SearchService } from './search.service';

@Controller()
@RpcService(SEARCH)
export class SearchController implements Handlers<typeof SEARCH.definition> {
  constructor(private readonly search: SearchService) {}

  @Access('messages.read')
  searchMessages(request: SearchMessagesDto, call: Call): Promise<SearchMessagesResponse> {
    return this.search.messages(request, call);
  }

  @Access('messages.read')
  findMoment(request: FindMomentDto, call: Call): Promise<FindMomentResponse> {
    return this.search.moment(request, call);
  }
}
