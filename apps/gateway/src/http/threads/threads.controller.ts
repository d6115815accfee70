import { Controller, Delete, Get, HttpCode, Inject, Param, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@veche/access';
import { THREADS } from '@veche/contracts';
import type { CallContext, Client } from '@veche/rpc';
import { Fails } from '../docs/fails';
import { MessagesDto } from '../messages/messages.dto';
import { messagesToJson } from '../messages/messages.wire';
import { Ctx } from '../requests/context';
import { ListThreadMessagesQuery, ListThreadsQuery, ThreadDto, ThreadPath, ThreadsDto } from './threads.dto';
import { threadsToJson, threadToJson } from './threads.wire';

@ApiTags('threads')
@Controller()
export class ThreadsController {
  constructor(@Inject(THREADS.token) private readonly threads: Client<typeof THREADS.definition>) {}

  /**
   * The threads that you follow and that have replies, the one with the newest reply first.
   * @remarks You follow a thread that you have written in, that hangs on a message of yours, in which you were mentioned or
   * which you chose, until you choose otherwise.
   */
  @Get('threads')
  @Fails()
  @Access('messages.read')
  async list(@Query() query: ListThreadsQuery, @Ctx() ctx: CallContext): Promise<ThreadsDto> {
    return threadsToJson(await this.threads.listThreads(query, ctx));
  }

  /** One thread, as you have it; also that of a message which nobody has replied to yet. */
  @Get('rooms/:roomId/threads/:threadSeq')
  @Fails('room_not_found', 'not_a_member', 'message_not_found', 'already_in_thread')
  @Access('messages.read')
  async get(@Param() path: ThreadPath, @Ctx() ctx: CallContext): Promise<ThreadDto> {
    return threadToJson((await this.threads.getThread(path, ctx)).thread);
  }

  /**
   * The replies in a thread, newest first.
   * @remarks Send one with `POST /rooms/{roomId}/messages` and its `threadSeq`.
   */
  @Get('rooms/:roomId/threads/:threadSeq/messages')
  @Fails('room_not_found', 'not_a_member', 'message_not_found', 'already_in_thread')
  @Access('messages.read')
  async messages(
    @Param() path: ThreadPath,
    @Query() query: ListThreadMessagesQuery,
    @Ctx() ctx: CallContext,
  ): Promise<MessagesDto> {
    return messagesToJson(await this.threads.listThreadMessages({ ...path, ...query }, ctx));
  }

  /** Follow a thread. What you follow already stays so. */
  @Put('rooms/:roomId/threads/:threadSeq/following')
  @HttpCode(204)
  @Fails('room_not_found', 'not_a_member', 'message_not_found', 'already_in_thread')
  @Access('messages.read')
  async follow(@Param() path: ThreadPath, @Ctx() ctx: CallContext): Promise<void> {
    await this.threads.setThreadFollowing({ ...path, on: true }, ctx);
  }

  /** Follow a thread no more, until you write in it again. */
  @Delete('rooms/:roomId/threads/:threadSeq/following')
  @HttpCode(204)
  @Fails('room_not_found', 'not_a_member', 'message_not_found', 'already_in_thread')
  @Access('messages.read')
  async unfollow(@Param() path: ThreadPath, @Ctx() ctx: CallContext): Promise<void> {
    await this.threads.setThreadFollowing({ ...path, on: false }, ctx);
  }
}
