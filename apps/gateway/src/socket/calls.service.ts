import { Inject, Injectable } from '@nestjs/common';
import { MEMBERS, MESSAGES, PINS, PRESENCE, REACTIONS, ROOMS, THREADS } from '@veche/contracts';
import type {
  DeleteMessageDto,
  EditMessageDto,
  SendMessageDto,
  SetPinDto,
  SetReactionDto,
  SetThreadFollowingDto,
  SetTypingDto,
} from '@veche/dto';
import { acknowledgementOf, AppError } from '@veche/errors';
import type { Calls, LogPage, Presence } from '@veche/protocol';
import type { CallContext, Client } from '@veche/rpc';
import pLimit from 'p-limit';
import { entryToJson, messageToJson } from '../entries/entry.wire';
import type { StatusBody } from '../presence/presence.dto';
import { presenceToJson, statusFromJson } from '../presence/presence.wire';
import { roomToJson } from '../rooms/room.wire';
import type { EnterRoomDto, ReadDto, SyncDto } from './calls.dto';
import { type Budget, budgetOf } from './page.rules';

/** What somebody sees first who holds nothing of a room. */
const FIRST_ENTRIES = 50;
/** Entries that one answer may have, of all its rooms. */
const MAX_ENTRIES = 500;
/** What one answer may weigh: well below what a connection may leave unread. */
const MAX_ANSWER_BYTES = 256 * 1024;

type Answer<C extends keyof Calls> = Promise<Calls[C]['answer']>;

/** What clients may ask over a socket. Chat decides whether they may, by the token that goes with each call. */
@Injectable()
export class CallsService {
  constructor(
    @Inject(ROOMS.token) private readonly rooms: Client<typeof ROOMS.definition>,
    @Inject(MEMBERS.token) private readonly members: Client<typeof MEMBERS.definition>,
    @Inject(MESSAGES.token) private readonly messages: Client<typeof MESSAGES.definition>,
    @Inject(PRESENCE.token) private readonly presence: Client<typeof PRESENCE.definition>,
    @Inject(REACTIONS.token) private readonly reactions: Client<typeof REACTIONS.definition>,
    @Inject(PINS.token) private readonly pins: Client<typeof PINS.definition>,
    @Inject(THREADS.token) private readonly threads: Client<typeof THREADS.definition>,
  ) {}

  /** @param look called when the room is known and before its entries are read: what comes from then on is heard */
  async enter(
    { roomId, after }: EnterRoomDto,
    context: CallContext,
    look: () => Promise<Presence[]>,
  ): Answer<'room:enter'> {
    const { room } = await this.rooms.getRoom({ roomId }, context);
    const online = await look();
    const from = after ?? Math.max(0, (room?.lastSeq ?? 0) - FIRST_ENTRIES);
    const page = await this.page(roomId, from, MAX_ENTRIES, budgetOf(MAX_ANSWER_BYTES), context);
    return { room: roomToJson(room), online, ...page };
  }

  async send(message: SendMessageDto, context: CallContext): Answer<'message:send'> {
    const { entry } = await this.messages.sendMessage(message, context);
    return { event: messageToJson(entry) };
  }

  async edit(message: EditMessageDto, context: CallContext): Answer<'message:edit'> {
    const { entry } = await this.messages.editMessage(message, context);
    return { event: messageToJson(entry) };
  }

  async delete(message: DeleteMessageDto, context: CallContext): Answer<'message:delete'> {
    const { entry } = await this.messages.deleteMessage(message, context);
    return { event: messageToJson(entry) };
  }

  async react(reaction: SetReactionDto, context: CallContext): Answer<'message:react'> {
    const { entry } = await this.reactions.setReaction(reaction, context);
    return { event: messageToJson(entry) };
  }

  async pin(pin: SetPinDto, context: CallContext): Answer<'message:pin'> {
    const { entry } = await this.pins.setPin(pin, context);
    return { event: messageToJson(entry) };
  }

  async sync({ rooms }: SyncDto, context: CallContext): Answer<'sync'> {
    const asked = Object.entries(rooms);
    const limit = Math.max(1, Math.floor(MAX_ENTRIES / asked.length));
    const budget = budgetOf(MAX_ANSWER_BYTES);
    const turn = pLimit(8);
    const answers = asked.map(([roomId, after]) =>
      turn(() => this.page(roomId, after, limit, budget, context)).catch((error: unknown) => {
        if (error instanceof AppError) return { error: acknowledgementOf(error).error };
        throw error;
      }),
    );
    const pages = await Promise.all(answers);
    return { rooms: Object.fromEntries(asked.map(([roomId], i) => [roomId, pages[i] as LogPage])) };
  }

  async read({ threadSeq, ...mark }: ReadDto, context: CallContext): Answer<'read'> {
    if (threadSeq === undefined) return this.members.markRead(mark, context);
    return this.threads.markThreadRead({ ...mark, threadSeq }, context);
  }

  async follow(thread: SetThreadFollowingDto, context: CallContext): Answer<'thread:follow'> {
    return this.threads.setThreadFollowing(thread, context);
  }

  async typing(typing: SetTypingDto, context: CallContext): Answer<'typing'> {
    return this.presence.setTyping(typing, context);
  }

  async setStatus(status: StatusBody, context: CallContext): Answer<'status'> {
    return {
      presence: presenceToJson((await this.presence.setStatus(statusFromJson(status), context)).presence),
    };
  }

  private async page(
    roomId: string,
    after: number,
    limit: number,
    budget: Budget,
    context: CallContext,
  ): Promise<LogPage> {
    const { entries, lastSeq, complete } = await this.messages.listEvents({ roomId, after, limit }, context);
    const events = budget(entries.map(entryToJson));
    return { events, lastSeq, complete: complete && events.length === entries.length };
  }
}
