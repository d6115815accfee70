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
  Query,
  Res,
} from '@nestjs/common';
import { ApiAcceptedResponse, ApiCreatedResponse, ApiTags } from '@nestjs/swagger';
import { Access } from '@veche/access';
import { MEMBERS, roomRoleText } from '@veche/contracts';
import { GetRoomDto, RemoveMemberDto } from '@veche/dto';
import type { CallContext, Client } from '@veche/rpc';
import type { FastifyReply } from 'fastify';
import { Example } from '../docs/example';
import { Fails } from '../docs/fails';
import { Ctx } from '../requests/context';
import { membersToJson, memberToJson } from './member.wire';
import {
  AddMemberBody,
  InvitedDto,
  ListMembersQuery,
  MemberDto,
  MembersDto,
  UpdateMemberBody,
} from './members.dto';

@ApiTags('members')
@Controller('rooms/:roomId/members')
export class MembersController {
  constructor(@Inject(MEMBERS.token) private readonly members: Client<typeof MEMBERS.definition>) {}

  /** Who belongs to a room. */
  @Get()
  @Fails('room_not_found', 'not_a_member')
  @Access('members.read')
  async list(
    @Param() path: GetRoomDto,
    @Query() query: ListMembersQuery,
    @Ctx() ctx: CallContext,
  ): Promise<MembersDto> {
    return membersToJson(await this.members.listMembers({ ...path, ...query }, ctx));
  }

  /**
   * Bring a user into a room.
   * @remarks Who has left it by themselves is asked first, and is no member until they accept.
   */
  @Post()
  @Example(AddMemberBody, { username: 'boris' })
  @ApiCreatedResponse({ type: MemberDto, description: 'They are in the room' })
  @ApiAcceptedResponse({ type: InvitedDto, description: 'They had left it, and are asked' })
  @Fails('room_not_found', 'not_a_member', 'user_not_found', 'direct_room')
  @Access('members.change')
  async add(
    @Param() path: GetRoomDto,
    @Body() body: AddMemberBody,
    @Ctx() ctx: CallContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MemberDto | InvitedDto> {
    const { member, invited } = await this.members.addMember({ ...path, ...body }, ctx);
    void reply.status(invited ? 202 : 201);
    return invited ? { invited } : memberToJson(member);
  }

  /** Change a member's role in a room. */
  @Patch(':userId')
  @Example(UpdateMemberBody, { role: 'moderator' })
  @Fails('room_not_found', 'not_a_member', 'member_not_found', 'direct_room')
  @Access('members.change')
  async change(
    @Param() path: RemoveMemberDto,
    @Body() body: UpdateMemberBody,
    @Ctx() ctx: CallContext,
  ): Promise<MemberDto> {
    const request = { ...path, role: roomRoleText.value(body.role) };
    return memberToJson((await this.members.updateMember(request, ctx)).member);
  }

  /** Remove a member from a room: they get nothing of what follows. Or ask somebody no longer who was asked back. */
  @Delete(':userId')
  @HttpCode(204)
  @Fails('room_not_found', 'not_a_member', 'member_not_found', 'direct_room')
  @Access('members.change')
  async remove(@Param() path: RemoveMemberDto, @Ctx() ctx: CallContext): Promise<void> {
    await this.members.removeMember(path, ctx);
  }
}
