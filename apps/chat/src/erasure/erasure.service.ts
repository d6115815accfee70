import { Injectable } from '@nestjs/common';
import type { ForgetUserResponse } from '@veche/contracts';
import type { Queries } from '@veche/database';
import type { ForgetUserDto } from '@veche/dto';
import { AppError } from '@veche/errors';
import { type EntryBody, LogService } from '../log/log.service';
import { BoundsRepository } from '../bounds/bounds.repository';
import { heir, onLeaving } from '../members/member.rules';
import { left, roleGiven } from '../members/member.wire';
import { MembersRepository } from '../members/members.repository';
import { StandingService } from '../members/standing.service';
import { roomDeleted } from '../rooms/room.wire';
import { RoomsRepository } from '../rooms/rooms.repository';
import { ErasureRepository } from './erasure.repository';

/** What one call gets through well within its deadline. */
const ROOMS_A_CALL = 50;
/** What one statement erases while others wait for the room. */
const MESSAGES_AT_ONCE = 5_000;

const messagesDeleted = (userId: string): EntryBody => ({ $case: 'messagesDeleted', value: { userId } });

/** Takes everything of a user out of chat whose account is gone. Each room by itself, so that none waits for another. */
@Injectable()
export class ErasureService {
  constructor(
    private readonly repository: ErasureRepository,
    private readonly bounds: BoundsRepository,
    private readonly log: LogService,
    private readonly members: MembersRepository,
    private readonly rooms: RoomsRepository,
    private readonly standings: StandingService,
  ) {}

  async forget({ userId }: ForgetUserDto): Promise<ForgetUserResponse> {
    const found = await this.repository.rooms(userId, ROOMS_A_CALL + 1);
    for (const roomId of found.slice(0, ROOMS_A_CALL)) await this.eraseIn(roomId, userId);
    await this.bounds.forget(userId);
    return { done: found.length <= ROOMS_A_CALL };
  }

  private async eraseIn(roomId: string, userId: string): Promise<void> {
    // the last of them go with the entry that tells of it, so that a process that dies here leaves something to find
    while (await this.repository.hasMore(userId, roomId, MESSAGES_AT_ONCE))
      await this.repository.erase(userId, roomId, MESSAGES_AT_ONCE);
    try {
      const { result: affected } = await this.log.change(roomId, async (tx, room) => {
        const member = await this.members.find(tx, roomId, userId);
        if (member && onLeaving(room.kind, member.role, room.memberCount) === 'room_goes') {
          await this.rooms.remove(tx, roomId);
          return { result: [userId], signals: [roomDeleted(roomId)] };
        }
        const erased = await this.repository.erase(userId, roomId, Number.MAX_SAFE_INTEGER, tx);
        const inherits = member?.role === 'owner' ? await this.handOver(tx, roomId, userId) : undefined;
        if (member) await this.members.remove(tx, roomId, userId);
        await this.repository.forget(tx, userId, roomId);
        const bodies = [
          ...(inherits ? [roleGiven({ userId: inherits, role: 'owner' })] : []),
          ...(member ? [left(userId)] : []),
          ...(erased > 0 ? [messagesDeleted(userId)] : []),
        ];
        const entries = bodies.map((body) => ({ actorId: userId, body }));
        return { result: [userId, ...(inherits ? [inherits] : [])], entries };
      });
      await this.standings.forget(roomId, affected);
    } catch (error) {
      // the room went meanwhile, and everything in it
      if (!(error instanceof AppError && error.code === 'room_not_found')) throw error;
    }
  }

  private async handOver(tx: Queries, roomId: string, ownerId: string): Promise<string | undefined> {
    const userId = heir(await this.members.others(tx, roomId, ownerId));
    if (userId) await this.members.setRole(tx, roomId, { userId, role: 'owner' });
    return userId;
  }
}
