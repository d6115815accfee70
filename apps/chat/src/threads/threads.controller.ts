import { Controller } from '@nestjs/common';
import { Access } from '@veche/access';
import {
  type GetThreadResponse,
  type ListThreadMessagesResponse,
  type ListThreadsResponse,
  type MarkAllThreadsReadResponse,
  type MarkThreadReadResponse,
  type SetThreadFollowingResponse,
  THREADS,
} from '@veche/contracts';
import {
  GetThreadDto,
  ListThreadMessagesDto,
  ListThreadsDto,
  MarkAllThreadsReadDto,
  MarkThreadReadDto,
  SetThreadFollowingDto,
} from '@veche/dto';
import { type Call, type Handlers, RpcService } from '@veche/rpc';
import { ThreadsService } from './threads.service';

@Controller()
@RpcService(THREADS)
export class ThreadsController implements Handlers<typeof THREADS.definition> {
  constructor(private readonly threads: ThreadsService) {}

  @Access('messages.read')
  getThread(request: GetThreadDto, call: Call): Promise<GetThreadResponse> {
    return this.threads.get(request, call);
  }

  @Access('messages.read')
  listThreadMessages(request: ListThreadMessagesDto, call: Call): Promise<ListThreadMessagesResponse> {
    return this.threads.messages(request, call);
  }

  @Access('messages.read')
  setThreadFollowing(request: SetThreadFollowingDto, call: Call): Promise<SetThreadFollowingResponse> {
    return this.threads.follow(request, call);
  }

  @Access('rooms.read')
  markThreadRead(request: MarkThreadReadDto, call: Call): Promise<MarkThreadReadResponse> {
    return this.threads.markRead(request, call);
  }

  @Access('rooms.read')
  markAllThreadsRead(_request: MarkAllThreadsReadDto, call: Call): Promise<MarkAllThreadsReadResponse> {
    return this.threads.markAllRead(call);
  }

  @Access('messages.read')
  listThreads(request: ListThreadsDto, call: Call): Promise<ListThreadsResponse> {
    return this.threads.list(request, call);
  }
}
