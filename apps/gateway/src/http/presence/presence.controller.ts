import { Body, Controller, Get, Inject, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@veche/access';
import { PRESENCE } from '@veche/contracts';
import type { CallContext, Client } from '@veche/rpc';
import { ArrayMaxSize, ArrayNotEmpty, IsUUID } from 'class-validator';
import { PresenceDto, PresencesDto, StatusBody } from '../../presence/presence.dto';
import { presenceToJson, statusFromJson } from '../../presence/presence.wire';
import { Example } from '../docs/example';
import { Fails } from '../docs/fails';
import { Ctx } from '../requests/context';
import { Lists } from '../requests/query';

@Lists('ids')
export class PresenceQuery {
  /** At most 200, with commas between them or the parameter repeated. */
  @ArrayNotEmpty() @ArrayMaxSize(200) @IsUUID(undefined, { each: true }) ids!: string[];
}

@ApiTags('users')
@Controller('users')
export class PresenceController {
  constructor(@Inject(PRESENCE.token) private readonly presence: Client<typeof PRESENCE.definition>) {}

  /** Who of these is here, and what they say of themselves. */
  @Get('presence')
  @Fails()
  @Access('users.read')
  async get(@Query() { ids }: PresenceQuery, @Ctx() ctx: CallContext): Promise<PresencesDto> {
    const { presences } = await this.presence.getPresence({ userIds: ids }, ctx);
    return { items: presences.map(presenceToJson) };
  }

  /**
   * What you say of yourself: an emoji, a text, and whether you may be disturbed, until a time or until you change it.
   * @remarks All of it is set: what is left out is taken back. `availability` is what you are while you are connected;
   *   with `online`, or without it, idle devices make you `away`.
   */
  @Put('me/status')
  @Example(StatusBody, { emoji: '🌴', text: 'On holiday' })
  @Fails()
  @Access('users.own')
  async setStatus(@Body() status: StatusBody, @Ctx() ctx: CallContext): Promise<PresenceDto> {
    return presenceToJson((await this.presence.setStatus(statusFromJson(status), ctx)).presence);
  }
}
