import { Controller } from '@nestjs/common';
import { Access } from '@veche/access';
import { ROOMS } from '@veche/contracts';
import {
  BrowseRoomsDto,
  CreateRoomDto,
  DeleteRoomDto,
  DescribeRoomDto,
  GetRoomDto,
  JoinRoomDto,
  ListAllRoomsDto,
  ListRoomsDto,
  OpenDirectRoomDto,
  UpdateRoomDto,
} from '@veche/dto';
import { type Call, type Handlers, RpcService } from '@veche/rpc';
import { RoomsService } from './rooms.service';

@Controller()
@RpcService(ROOMS)
export class RoomsController implements Handlers<typeof ROOMS.definition> {
  constructor(private readonly rooms: RoomsService) {}

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

  @Access('service')
  describeRoom(request: DescribeRoomDto) {
    return this.rooms.describe(request);
  }
}
