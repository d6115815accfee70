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
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Access } from '@veche/access';
import { MESSAGES } from '@veche/contracts';
import { GetRoomDto } from '@veche/dto';
import type { CallContext, Client } from '@veche/rpc';
import type { FastifyReply } from 'fastify';
import { EntryDto } from '../../entries/entry.dto';
import { messageToJson } from '../../entries/entry.wire';
import { Example } from '../docs/example';
import { Fails } from '../docs/fails';
import { Ctx } from '../requests/context';
import {
  EditMessageBody,
  EventsDto,
  ListEventsQuery,
  ListMessagesQuery,
  MessagePath,
  MessagesDto,
  SendMessageBody,
} from './messages.dto';
import { eventsToJson, messagesToJson } from './messages.wire';

@ApiTags('messages')
@Controller('rooms/:roomId')
export class MessagesController {
  constructor(@Inject(MESSAGES.token) private readonly messages: Client<typeof MESSAGES.definition>) {}

  /**
   * Send a message.
   * @remarks The answer comes after the commit. A `clientId` that you have used before gets the first answer
   * again, with status 200.
   */
  @Post('messages')
  @Example(SendMessageBody, { text: 'Hello!', clientId: '2b1c9a52-3f0e-4f7e-9f65-5d1a8e2b7c11' })
  @ApiCreatedResponse({ type: EntryDto, description: 'Committed' })
  @ApiOkResponse({ type: EntryDto, description: 'The client id had been seen: the same entry again' })
  @Fails('room_not_found', 'not_a_member', 'message_not_found')
  @Access('messages.send')
  async send(
    @Param() path: GetRoomDto,
    @Body() body: SendMessageBody,
    @Ctx() ctx: CallContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EntryDto> {
    const { entry, repeated } = await this.messages.sendMessage({ ...path, ...body }, ctx);
    void reply.status(repeated ? 200 : 201);
    return messageToJson(entry);
  }

  /** One message, as it is now. */
  @Get('messages/:seq')
  @Fails('room_not_found', 'not_a_member', 'message_not_found')
  @Access('messages.read')
  async get(@Param() path: MessagePath, @Ctx() ctx: CallContext): Promise<EntryDto> {
    return messageToJson((await this.messages.getMessage(path, ctx)).entry);
  }

  /**
   * Give your message another text.
   * @remarks The answer is the message as it is now. Everybody is told by a `message.edited`; the text that it has
   * already changes nothing.
   */
  @Patch('messages/:seq')
  @Example(EditMessageBody, { text: 'Hello, everybody!' })
  @Fails('room_not_found', 'not_a_member', 'message_not_found', 'edit_window_over')
  @Access('messages.send')
  async edit(
    @Param() path: MessagePath,
    @Body() body: EditMessageBody,
    @Ctx() ctx: CallContext,
  ): Promise<EntryDto> {
    return messageToJson((await this.messages.editMessage({ ...path, ...body }, ctx)).entry);
  }

  /**
   * Delete a message.
   * @remarks Your own, or anybody's where you moderate the room. Its text is gone for everybody; deleting it once more
   * changes nothing.
   */
  @Delete('messages/:seq')
  @HttpCode(204)
  @Fails('room_not_found', 'not_a_member', 'message_not_found', 'edit_window_over')
  @Access('messages.send')
  async delete(@Param() path: MessagePath, @Ctx() ctx: CallContext): Promise<void> {
    await this.messages.deleteMessage(path, ctx);
  }

  /** The messages of a room, newest first. */
  @Get('messages')
  @Fails('room_not_found', 'not_a_member')
  @Access('messages.read')
  async list(
    @Param() path: GetRoomDto,
    @Query() query: ListMessagesQuery,
    @Ctx() ctx: CallContext,
  ): Promise<MessagesDto> {
    return messagesToJson(await this.messages.listMessages({ ...path, ...query }, ctx));
  }

  /** Everything that happened in a room after a number, oldest first: catching up. */
  @Get('events')
  @Fails('room_not_found', 'not_a_member')
  @Access('messages.read')
  async events(
    @Param() path: GetRoomDto,
    @Query() query: ListEventsQuery,
    @Ctx() ctx: CallContext,
  ): Promise<EventsDto> {
    return eventsToJson(await this.messages.listEvents({ ...path, after: 0, ...query }, ctx));
  }
}
