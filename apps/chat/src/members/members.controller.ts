import { Controller } from '@nestjs/common';
import { Access } from '@veche/access';
import { MEMBERS } from '@veche/contracts';
import {
  AddMemberDto,
  LeaveRoomDto,
  ListMembersDto,
  MarkAllReadDto,
  MarkReadDto,
  RemoveMemberDto,
  UpdateMemberDto,
} from '@veche/dto';
import { type Call, type Handlers, RpcService } from '@veche/rpc';
import { MembersService } from './members.service';
import { ReadMarksService } from './read-marks.service';

@Controller()
@RpcService(MEMBERS)
export class MembersController implements Handlers<typeof MEMBERS.definition> {
  constructor(
    private readonly members: MembersService,
    private readonly marks: ReadMarksService,
  ) {}

  @Access('rooms.leave')
  leaveRoom(request: LeaveRoomDto, call: Call) {
    return this.members.leave(request, call);
  }

  @Access('members.read')
  listMembers(request: ListMembersDto, call: Call) {
    return this.members.list(request, call);
  }

  @Access('members.change')
  addMember(request: AddMemberDto, call: Call) {
    return this.members.add(request, call);
  }

  @Access('members.change')
  updateMember(request: UpdateMemberDto, call: Call) {
    return this.members.update(request, call);
  }

  @Access('members.change')
  removeMember(request: RemoveMemberDto, call: Call) {
    return this.members.remove(request, call);
  }

  @Access('rooms.read')
  markRead(request: MarkReadDto, call: Call) {
    return this.marks.mark(request, call);
  }

  @Access('rooms.read')
  markAllRead(_request: MarkAllReadDto, call: Call) {
    return this.marks.markAll(call);
  }
}
