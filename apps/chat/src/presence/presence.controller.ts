import { Controller } from '@nestjs/common';
import { Access } from '@veche/access';
import {
  type DescribePresenceResponse,
  type GetPresenceResponse,
  type ListPresentMembersResponse,
  PRESENCE,
  type ReportPresenceResponse,
  type SetStatusResponse,
  type SetTypingResponse,
} from '@veche/contracts';
import {
  DescribePresenceDto,
  GetPresenceDto,
  ListPresentMembersDto,
  ReportPresenceDto,
  SetStatusDto,
  SetTypingDto,
} from '@veche/dto';
import { type Call, type Handlers, RpcService } from '@veche/rpc';
import { PresenceService } from './presence.service';
import { TypingService } from './typing.service';

@Controller()
@RpcService(PRESENCE)
export class PresenceController implements Handlers<typeof PRESENCE.definition> {
  constructor(
    private readonly typing: TypingService,
    private readonly presence: PresenceService,
  ) {}

  @Access('messages.send')
  setTyping(request: SetTypingDto, call: Call): Promise<SetTypingResponse> {
    return this.typing.set(request, call);
  }

  @Access('users.own')
  setStatus(request: SetStatusDto, call: Call): Promise<SetStatusResponse> {
    return this.presence.setStatus(request, call);
  }

  @Access('users.read')
  async getPresence({ userIds }: GetPresenceDto): Promise<GetPresenceResponse> {
    return { presences: await this.presence.find(userIds) };
  }

  @Access('service')
  async describePresence({ userIds }: DescribePresenceDto): Promise<DescribePresenceResponse> {
    return { presences: await this.presence.find(userIds) };
  }

  @Access('service')
  listPresentMembers({ roomId }: ListPresentMembersDto): Promise<ListPresentMembersResponse> {
    return this.presence.presentMembers(roomId);
  }

  @Access('service')
  reportPresence(request: ReportPresenceDto): Promise<ReportPresenceResponse> {
    return this.presence.report(request);
  }
}
