import { Controller, Delete, Get, HttpCode, Inject, Param, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@veche/access';
import { REACTIONS } from '@veche/contracts';
import type { CallContext, Client } from '@veche/rpc';
import { EntryDto } from '../../entries/entry.dto';
import { messageToJson } from '../../entries/entry.wire';
import { Fails } from '../docs/fails';
import { Ctx } from '../requests/context';
import { ReactionPath, ReactionsDto, ReactionsPath } from './reactions.dto';

@ApiTags('messages')
@Controller('rooms/:roomId/messages/:seq/reactions')
export class ReactionsController {
  constructor(@Inject(REACTIONS.token) private readonly reactions: Client<typeof REACTIONS.definition>) {}

  /** Who reacted to a message, and how. */
  @Get()
  @Fails('room_not_found', 'not_a_member', 'message_not_found')
  @Access('messages.read')
  async list(@Param() path: ReactionsPath, @Ctx() ctx: CallContext): Promise<ReactionsDto> {
    return { items: (await this.reactions.listReactions(path, ctx)).reactions };
  }

  /**
   * React to a message.
   * @remarks The emoji stands in the path, percent-encoded. The answer is the message as it is now; what you have
   * reacted with already changes nothing.
   */
  @Put(':emoji')
  @Fails('room_not_found', 'not_a_member', 'message_not_found', 'too_many_reactions')
  @Access('messages.send')
  async add(@Param() path: ReactionPath, @Ctx() ctx: CallContext): Promise<EntryDto> {
    return messageToJson((await this.reactions.setReaction({ ...path, on: true }, ctx)).entry);
  }

  /**
   * Take a reaction back.
   * @remarks What is not there changes nothing.
   */
  @Delete(':emoji')
  @HttpCode(204)
  @Fails('room_not_found', 'not_a_member', 'message_not_found')
  @Access('messages.send')
  async remove(@Param() path: ReactionPath, @Ctx() ctx: CallContext): Promise<void> {
    await this.reactions.setReaction({ ...path, on: false }, ctx);
  }
}
