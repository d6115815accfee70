import { Controller, Delete, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@veche/access';
import { INVITATIONS } from '@veche/contracts';
import { AcceptInvitationDto, DeclineInvitationDto } from '@veche/dto';
import type { CallContext, Client } from '@veche/rpc';
import { RoomDto } from '../../rooms/room.dto';
import { roomToJson } from '../../rooms/room.wire';
import { Fails } from '../docs/fails';
import { Ctx } from '../requests/context';
import { InvitationsDto } from './invitations.dto';
import { invitationToJson } from './invitation.wire';

@ApiTags('members')
@Controller('users/me/invitations')
export class InvitationsController {
  constructor(
    @Inject(INVITATIONS.token) private readonly invitations: Client<typeof INVITATIONS.definition>,
  ) {}

  /** Rooms that you have left, and are asked back into: the newest 100. */
  @Get()
  @Fails()
  @Access('invitations.own')
  async list(@Ctx() ctx: CallContext): Promise<InvitationsDto> {
    return { items: (await this.invitations.listInvitations({}, ctx)).invitations.map(invitationToJson) };
  }

  /** Come back into a room. */
  @Post(':roomId')
  @HttpCode(200)
  @Fails('room_not_found')
  @Access('invitations.own')
  async accept(@Param() path: AcceptInvitationDto, @Ctx() ctx: CallContext): Promise<RoomDto> {
    return roomToJson((await this.invitations.acceptInvitation(path, ctx)).room);
  }

  /** Stay away. Where nobody asks you, nothing happens. */
  @Delete(':roomId')
  @HttpCode(204)
  @Fails()
  @Access('invitations.own')
  async decline(@Param() path: DeclineInvitationDto, @Ctx() ctx: CallContext): Promise<void> {
    await this.invitations.declineInvitation(path, ctx);
  }
}
