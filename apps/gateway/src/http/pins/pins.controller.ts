import { Controller, Delete, Get, HttpCode, Inject, Param, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@veche/access';
import { PINS } from '@veche/contracts';
import { ListPinsDto } from '@veche/dto';
import type { CallContext, Client } from '@veche/rpc';
import { messageToJson } from '../../entries/entry.wire';
import { Fails } from '../docs/fails';
import { Ctx } from '../requests/context';
import { PinPath, PinsDto } from './pins.dto';

@ApiTags('messages')
@Controller('rooms/:roomId/pins')
export class PinsController {
  constructor(@Inject(PINS.token) private readonly pins: Client<typeof PINS.definition>) {}

  /** The pinned messages of a room. */
  @Get()
  @Fails('room_not_found', 'not_a_member')
  @Access('messages.read')
  async list(@Param() path: ListPinsDto, @Ctx() ctx: CallContext): Promise<PinsDto> {
    return { items: (await this.pins.listPins(path, ctx)).entries.map(messageToJson) };
  }

  /**
   * Pin a message.
   * @remarks As a moderator of the room, or one of the two of a direct one. A message that is pinned stays so.
   */
  @Put(':seq')
  @HttpCode(204)
  @Fails('room_not_found', 'not_a_member', 'message_not_found', 'too_many_pins')
  @Access('messages.send')
  async pin(@Param() path: PinPath, @Ctx() ctx: CallContext): Promise<void> {
    await this.pins.setPin({ ...path, on: true }, ctx);
  }

  /**
   * Take a pin away.
   * @remarks As a moderator of the room, or one of the two of a direct one. What is not pinned stays so.
   */
  @Delete(':seq')
  @HttpCode(204)
  @Fails('room_not_found', 'not_a_member', 'message_not_found')
  @Access('messages.send')
  async unpin(@Param() path: PinPath, @Ctx() ctx: CallContext): Promise<void> {
    await this.pins.setPin({ ...path, on: false }, ctx);
  }
}
