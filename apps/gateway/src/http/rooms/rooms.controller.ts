import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  Patch,
  Post,
  Put,
  Query,
} from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@veche/access';
import { MEMBERS, ROOMS, THREADS } from '@veche/contracts';
import { DeleteRoomDto, GetRoomDto, JoinRoomDto, LeaveRoomDto, OpenDirectRoomDto } from '@veche/dto';
import type { CallContext, Client } from '@veche/rpc';
import { RoomDto } from '../../rooms/room.dto';
import { roomToJson } from '../../rooms/room.wire';
import { Example } from '../docs/example';
import { Fails } from '../docs/fails';
import { Ctx } from '../requests/context';
import {
  BrowseRoomsQuery,
  CreateRoomBody,
  ListRoomsQuery,
  MarkReadBody,
  RoomOverviewsDto,
  RoomsDto,
  UpdateRoomBody,
} from './rooms.dto';
import { createRoomRequest, roomOverviewsToJson, roomsToJson } from './rooms.wire';

@ApiTags('rooms')
@Controller('rooms')
export class RoomsController {
  constructor(
    @Inject(ROOMS.token) private readonly rooms: Client<typeof ROOMS.definition>,
    @Inject(MEMBERS.token) private readonly members: Client<typeof MEMBERS.definition>,
    @Inject(THREADS.token) private readonly threads: Client<typeof THREADS.definition>,
  ) {}

  /** Create a public or private room, with its first members. You become its owner. */
  @Post()
  @Example(CreateRoomBody, { name: 'General', kind: 'public' })
  @Fails('room_name_taken', 'user_not_found')
  @Access('rooms.create')
  async create(@Body() body: CreateRoomBody, @Ctx() ctx: CallContext): Promise<RoomDto> {
    return roomToJson((await this.rooms.createRoom(createRoomRequest(body), ctx)).room);
  }

  /** The direct room of you and another user: there is one for a pair, made when first asked for. */
  @Post('direct')
  @HttpCode(200)
  @Example(OpenDirectRoomDto, { username: 'boris' })
  @Fails('user_not_found')
  @Access('rooms.direct')
  async openDirect(@Body() body: OpenDirectRoomDto, @Ctx() ctx: CallContext): Promise<RoomDto> {
    return roomToJson((await this.rooms.openDirectRoom(body, ctx)).room);
  }

  /** Your rooms, the one with the newest message first. */
  @Get()
  @Fails()
  @Access('rooms.read')
  async list(@Query() query: ListRoomsQuery, @Ctx() ctx: CallContext): Promise<RoomOverviewsDto> {
    return roomOverviewsToJson(await this.rooms.listRooms(query, ctx));
  }

  /** Public rooms by the beginnings of words of their names, without regard to case and accents. */
  @Get('browse')
  @Fails()
  @Access('rooms.browse')
  async browse(@Query() query: BrowseRoomsQuery, @Ctx() ctx: CallContext): Promise<RoomsDto> {
    return roomsToJson(await this.rooms.browseRooms(query, ctx));
  }

  /** One room. */
  @Get(':roomId')
  @Fails('room_not_found')
  @Access('rooms.read')
  async get(@Param() path: GetRoomDto, @Ctx() ctx: CallContext): Promise<RoomDto> {
    return roomToJson((await this.rooms.getRoom(path, ctx)).room);
  }

  /** Rename a room or change its topic. */
  @Patch(':roomId')
  @Example(UpdateRoomBody, { topic: 'What does not fit elsewhere' })
  @Fails('room_not_found', 'not_a_member', 'room_name_taken', 'direct_room')
  @Access('rooms.change')
  async change(
    @Param() path: GetRoomDto,
    @Body() body: UpdateRoomBody,
    @Ctx() ctx: CallContext,
  ): Promise<RoomDto> {
    return roomToJson((await this.rooms.updateRoom({ ...path, ...body }, ctx)).room);
  }

  /** Delete a room and everything in it. */
  @Delete(':roomId')
  @HttpCode(204)
  @Fails('room_not_found', 'not_a_member', 'direct_room')
  @Access('rooms.change')
  async delete(@Param() path: DeleteRoomDto, @Ctx() ctx: CallContext): Promise<void> {
    await this.rooms.deleteRoom(path, ctx);
  }

  /** Join a public room. Joining twice is joining once. */
  @Post(':roomId/join')
  @HttpCode(200)
  @Fails('room_not_found')
  @Access('rooms.join')
  async join(@Param() path: JoinRoomDto, @Ctx() ctx: CallContext): Promise<RoomDto> {
    return roomToJson((await this.rooms.joinRoom(path, ctx)).room);
  }

  /** Leave a room. An owner with other members hands the room over first. */
  @Post(':roomId/leave')
  @HttpCode(204)
  @Fails('room_not_found', 'not_a_member', 'owner_must_hand_over', 'direct_room')
  @Access('rooms.leave')
  async leave(@Param() path: LeaveRoomDto, @Ctx() ctx: CallContext): Promise<void> {
    await this.members.leaveRoom(path, ctx);
  }

  /** You have read everything that there is now, in all of your rooms and threads. */
  @Post('read-all')
  @HttpCode(204)
  @Fails()
  @Access('rooms.read')
  async markAllRead(@Ctx() ctx: CallContext): Promise<void> {
    await this.members.markAllRead({}, ctx);
    await this.threads.markAllThreadsRead({}, ctx);
  }

  /**
   * Move your read marker forward. It goes back only with `back: true`: what has this number, and what follows, is unread.
   * @remarks With `threadSeq` it is your marker in that thread, if you follow it.
   */
  @Put(':roomId/read')
  @HttpCode(204)
  @Example(MarkReadBody, { seq: 1 })
  @Fails('room_not_found', 'not_a_member')
  @Access('messages.read')
  async markRead(
    @Param() path: GetRoomDto,
    @Body() { threadSeq, ...mark }: MarkReadBody,
    @Ctx() ctx: CallContext,
  ): Promise<void> {
    if (threadSeq === undefined) await this.members.markRead({ ...path, ...mark }, ctx);
    else await this.threads.markThreadRead({ ...path, ...mark, threadSeq }, ctx);
  }
}
