import { Inject, Injectable } from '@nestjs/common';
import { MESSAGES, ROOMS } from '@veche/contracts';
import type { MarkReadDto, SendMessageDto } from '@veche/dto';
import { acknowledgementOf, AppError, type Refusal } from '@veche/errors';
import type { CallContext, Client } from '@veche/rpc';
import type { EntryDto } from '../entries/entry.dto';
import { entryToJson } from '../entries/entry.wire';
import type { RoomDto } from '../rooms/room.dto';
import { roomToJson } from '../rooms/room.wire';
import { atMost } from './at-most';
import type { EnterRoomDto, SyncDto } from './calls.dto';
import { type Budget, budgetOf } from './page.rules';

/** What somebody sees first who holds nothing of a room. */
const FIRST_ENTRIES = 50;
/** Entries that one answer may have, of all its rooms. */
const MAX_ENTRIES = 500;
/** What one answer may weigh: well below what a connection may leave unread. */
const MAX_ANSWER_BYTES = 256 * 1024;

/** A part of a room's log; `complete` where it reaches `lastSeq`. */
interface Page {
  events: EntryDto[];
  lastSeq: number;
  complete: boolean;
}

/** What clients may ask over a socket. Chat decides whether they may, by the token that goes with each call. */
@Injectable()
export class CallsService {
  constructor(
    @Inject(ROOMS.token) private readonly rooms: Client<typeof ROOMS.definition>,
    @Inject(MESSAGES.token) private readonly messages: Client<typeof MESSAGES.definition>,
  ) {}

  async enter({ roomId, after }: EnterRoomDto, context: CallContext): Promise<{ room: RoomDto } & Page> {
    const { room } = await this.rooms.getRoom({ roomId }, context);
    const from = after ?? Math.max(0, (room?.lastSeq ?? 0) - FIRST_ENTRIES);
    const page = await this.page(roomId, from, MAX_ENTRIES, budgetOf(MAX_ANSWER_BYTES), context);
    return { room: roomToJson(room), ...page };
  }

  async send(message: SendMessageDto, context: CallContext): Promise<{ event: EntryDto }> {
    const { entry } = await this.messages.sendMessage(message, context);
    if (!entry) throw new Error('a message was sent and has no entry');
    return { event: entryToJson(entry) };
  }

  async sync(
    { rooms }: SyncDto,
    context: CallContext,
  ): Promise<{ rooms: Record<string, Page | { error: Refusal }> }> {
    const asked = Object.entries(rooms);
    const limit = Math.max(1, Math.floor(MAX_ENTRIES / asked.length));
    const budget = budgetOf(MAX_ANSWER_BYTES);
    const turn = atMost(8);
    const answers = asked.map(([roomId, after]) =>
      turn(() => this.page(roomId, after, limit, budget, context)).catch((error: unknown) => {
        if (error instanceof AppError) return { error: acknowledgementOf(error).error };
        throw error;
      }),
    );
    const pages = await Promise.all(answers);
    return { rooms: Object.fromEntries(asked.map(([roomId], i) => [roomId, pages[i] as Page])) };
  }

  async read(mark: MarkReadDto, context: CallContext): Promise<object> {
    return this.rooms.markRead(mark, context);
  }

  private async page(
    roomId: string,
    after: number,
    limit: number,
    budget: Budget,
    context: CallContext,
  ): Promise<Page> {
    const { entries, lastSeq, complete } = await this.messages.listEvents({ roomId, after, limit }, context);
    const events = budget(entries.map(entryToJson));
    return { events, lastSeq, complete: complete && events.length === entries.length };
  }
}
