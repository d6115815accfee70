import { Controller } from '@nestjs/common';
import { Access } from '@veche/access';
import { ROOMS } from '@veche/contracts';
import {
  AddMemberDto,
  BrowseRoomsDto,
  CreateRoomDto,
  DeleteRoomDto,
  DescribeRoomDto,
  ForgetUserDto,
  GetRoomDto,
  JoinRoomDto,
  LeaveRoomDto,
  ListAllRoomsDto,
  ListMembersDto,
  ListRoomsDto,
  MarkReadDto,
  OpenDirectRoomDto,
  RemoveMemberDto,
  UpdateMemberDto,
  UpdateRoomDto,
} from '@veche/dto';
import { type Call, type Handlers, RpcService } from '@veche/rpc';
import { ErasureService } from '../erasure/erasure.service';
import { MembersService } from '../members/members.service';
import { ReadMarksService } from '../members/read-marks.service';
import { RoomsService } from './rooms.service';

@Controller()
@RpcService(ROOMS)
export class RoomsController implements Handlers<typeof ROOMS.definition> {
  constructor(
    private readonly rooms: RoomsService,
    private readonly members: MembersService,
    private readonly marks: ReadMarksService,
    private readonly erasure: ErasureService,
  ) {}

  @Access('rooms.create')
  createRoom(request: CreateRoomDto, call: Call) {
    return this.rooms.create(request, call);
  }

  @Access('rooms.direct')
  openDirectRoom(request: OpenDirectRoomDto, call: Call) {
    return this.rooms.openDirect(request, call);
  }

  @Access('rooms.read')
  getRoom(request: GetRoomDto, call: Call) {
    return this.rooms.get(request, call);
  }

  @Access('rooms.read')
  listRooms(request: ListRoomsDto, call: Call) {
    return this.rooms.list(request, call);
  }

  @Access('rooms.browse')
  browseRooms(request: BrowseRoomsDto, call: Call) {
    return this.rooms.browse(request, call);
  }

  @Access('rooms.manage')
  listAllRooms(request: ListAllRoomsDto, call: Call) {
    return this.rooms.listAll(request, call);
  }

  @Access('rooms.change')
  updateRoom(request: UpdateRoomDto, call: Call) {
    return this.rooms.update(request, call);
  }

  @Access('rooms.change')
  deleteRoom(request: DeleteRoomDto, call: Call) {
    return this.rooms.delete(request, call);
  }

  @Access('rooms.join')
  joinRoom(request: JoinRoomDto, call: Call) {
    return this.rooms.join(request, call);
  }

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

  @Access('service')
  describeRoom(request: DescribeRoomDto) {
    return this.rooms.describe(request);
  }

  @Access('service')
  forgetUser(request: ForgetUserDto) {
    return this.erasure.forget(request);
  }
}
