import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { UserPrincipal } from '@veche/access';
import { AppError } from '@veche/errors';
import { type Call, CALL_TIMEOUT_MS, callerOf } from '@veche/rpc';
import { CommitsByRoom } from '../log/commits-by-room';
import { type LockedRoom, LogService } from '../log/log.service';
import { OutboxService } from '../log/outbox.service';
import { arrivals } from './member.rules';
import { arrived, invitationChanged } from './member.wire';
import { MembersRepository, type Place } from './members.repository';
import { StandingService } from './standing.service';

const OUTSIDE: Place = { role: null, invited: false };
const BOUNDS = { batch: 500, waiting: 10_000 };

/** Who joins by themself. Those who come into a room at the same moment share a commit, and its entries one delivery. */
@Injectable()
export class JoiningService implements OnModuleDestroy {
  private readonly commits = new CommitsByRoom(
    (roomId, callers: readonly UserPrincipal[]) => this.commit(roomId, callers),
    BOUNDS,
  );

  constructor(
    private readonly standings: StandingService,
    private readonly log: LogService,
    private readonly members: MembersRepository,
    private readonly outbox: OutboxService,
  ) {}

  /** Joining twice is joining once. */
  async join(roomId: string, call: Call): Promise<void> {
    const deadline = call.deadline ?? Date.now() + CALL_TIMEOUT_MS;
    await this.commits.push(roomId, callerOf(call), deadline);
  }

  async onModuleDestroy(): Promise<void> {
    await this.commits.close();
  }

  private async commit(
    roomId: string,
    callers: readonly UserPrincipal[],
  ): Promise<readonly (true | AppError)[]> {
    const { result } = await this.log.change(roomId, async (tx, room) => {
      const userIds = [...new Set(callers.map(({ userId }) => userId))];
      const places = await this.members.placesOf(tx, roomId, userIds);
      const verdicts = callers.map((who) => this.judge(room, places.get(who.userId) ?? OUTSIDE, who));
      const allowed = new Set(callers.flatMap(({ userId }, i) => (verdicts[i] === true ? [userId] : [])));
      const newcomers = arrivals(
        room,
        userIds.filter((id) => allowed.has(id) && !places.get(id)?.role),
      );
      if (newcomers.length > 0) await this.members.add(tx, roomId, newcomers);
      const answered = newcomers.filter(({ userId }) => places.get(userId)?.invited);
      return { result: { verdicts, newcomers, answered }, entries: newcomers.flatMap((one) => arrived(one)) };
    });
    await this.standings.forget(
      roomId,
      result.newcomers.map(({ userId }) => userId),
    );
    // however they have come in, their devices ask them no more
    this.outbox.hint(...result.answered.map(({ userId }) => invitationChanged(roomId, userId, false)));
    return result.verdicts;
  }

  private judge(room: LockedRoom, place: Place, who: UserPrincipal): true | AppError {
    try {
      this.standings.demand('join', room.kind, place, who);
      return true;
    } catch (error) {
      if (error instanceof AppError) return error;
      throw error;
    }
  }
}
