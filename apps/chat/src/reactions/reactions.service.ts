import { Injectable } from '@nestjs/common';
import type { ListReactionsResponse, SetReactionResponse } from '@veche/contracts';
import type { Queries } from '@veche/database';
import type { ListReactionsDto, SetReactionDto } from '@veche/dto';
import { AppError } from '@veche/errors';
import { foldReactions } from '@veche/protocol';
import { type Call, callerOf } from '@veche/rpc';
import type { ReactionColumn } from '../log/entry.wire';
import { type LockedRoom, LogService, type NewEntry } from '../log/log.service';
import { ReadingService } from '../log/reading.service';
import { StandingService } from '../members/standing.service';
import { judgeReaction } from './reaction.rules';
import { reactionChanged } from './reaction.wire';
import { ReactionsRepository, type Shown } from './reactions.repository';

/** Of those who reacted alike: more than anybody reads. */
const LISTED_USERS = 200;

interface Change {
  readonly emoji: string;
  readonly userId: string;
  readonly on: boolean;
}

const after = (reactions: readonly ReactionColumn[] | null, change: Change): ReactionColumn[] =>
  foldReactions(
    (reactions ?? []).map((reaction) => ({ ...reaction, mine: false })),
    change,
  ).map(({ emoji, count, userIds }) => ({ emoji, count, userIds }));

/**
 * What members say to a message with an emoji. Each reaction is a row, and the row of the message has what is shown of
 * all of them, so that history is read from it alone; both change under the lock of the room, with the entry that tells
 * of it.
 */
@Injectable()
export class ReactionsService {
  constructor(
    private readonly standings: StandingService,
    private readonly log: LogService,
    private readonly reading: ReadingService,
    private readonly reactions: ReactionsRepository,
  ) {}

  async set({ roomId, seq, emoji, on }: SetReactionDto, call: Call): Promise<SetReactionResponse> {
    const who = callerOf(call);
    const { userId } = who;
    await this.log.change(roomId, async (tx, room) => {
      const standing = await this.standings.forChange('see', tx, room, who);
      const row = await this.reactions.find(tx, roomId, seq, userId);
      const message = row && { ...row, emoji: (row.reactions ?? []).map((reaction) => reaction.emoji) };
      const verdict = judgeReaction(message, { emoji, on }, standing);
      if (verdict === 'is_so_already') return { result: undefined };
      if (verdict !== 'changes') throw new AppError(verdict);
      const eventSeq = room.lastSeq + 1;
      if (on) await this.reactions.add(tx, { roomId, seq, userId, emoji, eventSeq });
      else await this.reactions.remove(tx, roomId, seq, userId, emoji);
      const reactions = after(row?.reactions ?? null, { emoji, userId, on });
      await this.reactions.show(tx, roomId, [{ seq, reactions, reactionsSeq: eventSeq }]);
      return { result: undefined, entries: [{ actorId: userId, body: reactionChanged(seq, emoji, on) }] };
    });
    return { entry: await this.reading.changed(call, roomId, seq) };
  }

  async list({ roomId, seq }: ListReactionsDto, call: Call): Promise<ListReactionsResponse> {
    const who = callerOf(call);
    await this.standings.forReading('read', roomId, who);
    const reactions = await this.reactions.list(roomId, seq, who.userId, LISTED_USERS);
    if (!reactions) throw new AppError('message_not_found');
    return { reactions: [...reactions] };
  }

  /** Whether somebody has reacted more than so often in a room. */
  hasMore(roomId: string, userId: string, than: number): Promise<boolean> {
    return this.reactions.hasMore(roomId, userId, than);
  }

  /**
   * Takes back what somebody reacted with in a room that is locked, at most so often.
   * @returns what tells of it, to be appended before anything else
   */
  async takeBack(tx: Queries, room: LockedRoom, userId: string, limit: number): Promise<NewEntry[]> {
    const gone = await this.reactions.takeBack(tx, room.id, userId, limit);
    const shown = new Map<number, Shown>();
    for (const [i, { seq, emoji, reactions }] of gone.entries()) {
      const before = shown.get(seq)?.reactions ?? reactions;
      const change = { emoji, userId, on: false };
      shown.set(seq, { seq, reactions: after(before, change), reactionsSeq: room.lastSeq + 1 + i });
    }
    if (gone.length > 0) await this.reactions.show(tx, room.id, [...shown.values()]);
    return gone.map(({ seq, emoji }) => ({ actorId: userId, body: reactionChanged(seq, emoji, false) }));
  }
}
