import { Injectable } from '@nestjs/common';
import type { ForgetUserResponse } from '@veche/contracts';
import type { Queries } from '@veche/database';
import type { ForgetUserDto } from '@veche/dto';
import { AppError } from '@veche/errors';
import { type EntryBody, type LockedRoom, LogService, type NewEntry, type Signal } from '../log/log.service';
import { AttachmentsService } from '../attachments/attachments.service';
import { BoundsRepository } from '../bounds/bounds.repository';
import { DeletionsService } from '../deletion/deletions.service';
import { heir, onLeaving } from '../members/member.rules';
import { left, roleGiven } from '../members/member.wire';
import { MembersRepository } from '../members/members.repository';
import { StandingService } from '../members/standing.service';
import { ReactionsService } from '../reactions/reactions.service';
import { PreferencesRepository } from '../preferences/preferences.repository';
import { PresenceRepository } from '../presence/presence.repository';
import { unhurried } from '../unhurried';
import { ErasureRepository } from './erasure.repository';

/** What one call gets through well within its deadline. */
const ROOMS_A_CALL = 50;
const CALL_MS = 5_000;
/** What one statement erases: milliseconds, which is how long it may keep others from the disk. */
const PIECE = 1_000;
/** Each is told in an entry of its own. */
const REACTIONS_AT_ONCE = 200;

const messagesDeleted = (userId: string): EntryBody => ({ $case: 'messagesDeleted', value: { userId } });

/** What a member's going does to a room. */
interface Leaving {
  /** Whose standing has changed. */
  readonly affected: readonly string[];
  readonly entries: readonly NewEntry[];
  /** Where the room goes too. */
  readonly signals?: readonly Signal[];
}

/** Takes everything of a user out of chat whose account is gone. Each room by itself, so that none waits for another. */
@Injectable()
export class ErasureService {
  constructor(
    private readonly repository: ErasureRepository,
    private readonly bounds: BoundsRepository,
    private readonly presence: PresenceRepository,
    private readonly preferences: PreferencesRepository,
    private readonly log: LogService,
    private readonly members: MembersRepository,
    private readonly deletions: DeletionsService,
    private readonly standings: StandingService,
    private readonly reactions: ReactionsService,
    private readonly attachments: AttachmentsService,
  ) {}

  async forget({ userId }: ForgetUserDto): Promise<ForgetUserResponse> {
    const until = performance.now() + CALL_MS;
    const found = await this.repository.rooms(userId, ROOMS_A_CALL + 1);
    for (const roomId of found.slice(0, ROOMS_A_CALL))
      if (!(await this.eraseIn(roomId, userId, until))) return { done: false };
    await this.bounds.forget(userId);
    await this.presence.forget(userId);
    await this.preferences.forget(userId);
    await this.attachments.forget(userId);
    return { done: found.length <= ROOMS_A_CALL };
  }

  /** @returns whether nothing is left there */
  private async eraseIn(roomId: string, userId: string, until: number): Promise<boolean> {
    try {
      if (await this.repository.hasMore(userId, roomId, PIECE)) {
        await this.tellAtOnce(roomId, userId);
        if (!(await this.sweep(roomId, userId, until))) return false;
      }
      if (!(await this.sweepMentions(roomId, userId, until))) return false;
      if (!(await this.takeBackReactions(roomId, userId, until))) return false;
      await this.end(roomId, userId);
    } catch (error) {
      // the room went meanwhile, and everything in it
      if (!(error instanceof AppError && error.code === 'room_not_found')) throw error;
    }
    return true;
  }

  /** Whoever wrote much is gone from the room before the sweep begins, and devices take the texts away. */
  private async tellAtOnce(roomId: string, userId: string): Promise<void> {
    const { result: affected } = await this.log.change(roomId, async (tx, room) => {
      const leaving = await this.leave(tx, room, userId);
      if (leaving.affected.length === 0 || leaving.signals) return { ...leaving, result: leaving.affected };
      const entries = [...leaving.entries, { actorId: userId, body: messagesDeleted(userId) }];
      return { result: leaving.affected, entries };
    });
    await this.standings.forget(roomId, affected);
  }

  /** Busy for no more than half of the time. Leaves a piece to the entry that tells of the end. @returns whether it came so far */
  private sweep(roomId: string, userId: string, until: number): Promise<boolean> {
    return inPieces(
      until,
      () => this.repository.hasMore(userId, roomId, PIECE),
      () => this.repository.eraseSome(userId, roomId, PIECE),
    );
  }

  /** As {@link sweep}, what others have called them by. */
  private sweepMentions(roomId: string, userId: string, until: number): Promise<boolean> {
    return inPieces(
      until,
      () => this.repository.isMentionedMore(userId, roomId, PIECE),
      () => this.repository.eraseMentions(userId, roomId, PIECE),
    );
  }

  /** As {@link sweep}, what they reacted with. */
  private takeBackReactions(roomId: string, userId: string, until: number): Promise<boolean> {
    return inPieces(
      until,
      () => this.reactions.hasMore(roomId, userId, REACTIONS_AT_ONCE),
      () =>
        this.log.change(roomId, async (tx, room) => ({
          result: undefined,
          entries: await this.reactions.takeBack(tx, room, userId, REACTIONS_AT_ONCE),
        })),
    );
  }

  /** The last texts go with the entry that tells of it, so that a process that dies before leaves something to find. */
  private async end(roomId: string, userId: string): Promise<void> {
    const { result: affected } = await this.log.change(roomId, async (tx, room) => {
      const leaving = await this.leave(tx, room, userId);
      if (leaving.signals) return { ...leaving, result: leaving.affected };
      const taken = await this.reactions.takeBack(tx, room, userId, REACTIONS_AT_ONCE);
      const erased = await this.repository.erase(tx, userId, roomId, Number.MAX_SAFE_INTEGER);
      const unnamed = await this.repository.eraseMentions(userId, roomId, Number.MAX_SAFE_INTEGER, tx);
      await this.repository.forget(tx, userId, roomId);
      const told = erased + unnamed > 0 ? [{ actorId: userId, body: messagesDeleted(userId) }] : [];
      return { result: [userId, ...leaving.affected], entries: [...taken, ...leaving.entries, ...told] };
    });
    await this.standings.forget(roomId, affected);
  }

  /** A room that nobody else is in goes, with a signal; of another the membership ends, where there is one. */
  private async leave(tx: Queries, room: LockedRoom, userId: string): Promise<Leaving> {
    const member = await this.members.find(tx, room.id, userId);
    if (!member) return { affected: [], entries: [] };
    if (onLeaving(room.kind, member.role, room.memberCount) === 'room_goes')
      return { affected: [userId], entries: [], signals: [await this.deletions.delete(tx, room.id)] };
    const inherits = member.role === 'owner' ? await this.handOver(tx, room.id, userId) : undefined;
    await this.members.remove(tx, room.id, userId, { byChoice: true });
    const bodies = [...(inherits ? [roleGiven({ userId: inherits, role: 'owner' })] : []), left(userId)];
    return {
      affected: [userId, ...(inherits ? [inherits] : [])],
      entries: bodies.map((body) => ({ actorId: userId, body })),
    };
  }

  private async handOver(tx: Queries, roomId: string, ownerId: string): Promise<string | undefined> {
    const userId = heir(await this.members.others(tx, roomId, ownerId));
    if (userId) await this.members.setRole(tx, roomId, { userId, role: 'owner' });
    return userId;
  }
}

/** @returns whether no more is left than the last piece */
const inPieces = async (
  until: number,
  hasMore: () => Promise<boolean>,
  work: () => Promise<unknown>,
): Promise<boolean> => {
  while (await hasMore()) {
    if (performance.now() > until) return false;
    await unhurried(work);
  }
  return true;
};
