import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { MarkAllReadResponse, MarkReadResponse } from '@veche/contracts';
import type { MarkReadDto } from '@veche/dto';
import { type Call, CALL_TIMEOUT_MS, callerOf } from '@veche/rpc';
import { CommitsByRoom } from '../log/commits-by-room';
import { OutboxService } from '../log/outbox.service';
import { readMark, unreadMark } from './member.wire';
import { MembersRepository, type ReadMark } from './members.repository';
import { StandingService } from './standing.service';

const BOUNDS = { batch: 500, waiting: 10_000 };

/**
 * How far members have read. Of the marks in one room that come at the same moment the furthest of each reader is
 * written, in one statement; and what it tells leaves nothing to be told later: the next `ready` has it anew.
 */
@Injectable()
export class ReadMarksService implements OnModuleDestroy {
  private readonly commits = new CommitsByRoom(
    (roomId, marks: readonly ReadMark[]) => this.commit(roomId, marks),
    BOUNDS,
  );

  constructor(
    private readonly standings: StandingService,
    private readonly members: MembersRepository,
    private readonly outbox: OutboxService,
  ) {}

  /** Locks no room: a marker is its owner's alone, and must not wait for who writes. */
  async mark({ roomId, seq, back }: MarkReadDto, call: Call): Promise<MarkReadResponse> {
    const who = callerOf(call);
    await this.standings.forReading('read', roomId, who);
    if (back === true) {
      const moved = await this.members.markUnread(roomId, { userId: who.userId, seq });
      if (moved) this.outbox.hint(unreadMark(roomId, moved));
      return {};
    }
    const deadline = call.deadline ?? Date.now() + CALL_TIMEOUT_MS;
    await this.commits.push(roomId, { userId: who.userId, seq }, deadline);
    return {};
  }

  async markAll(call: Call): Promise<MarkAllReadResponse> {
    const moved = await this.members.markAllRead(callerOf(call).userId);
    this.outbox.hint(...moved.map(({ roomId, memberCount, ...mark }) => readMark(roomId, mark, memberCount)));
    return {};
  }

  async onModuleDestroy(): Promise<void> {
    await this.commits.close();
  }

  private async commit(roomId: string, marks: readonly ReadMark[]): Promise<readonly true[]> {
    const furthest = new Map<string, number>();
    for (const { userId, seq } of marks) furthest.set(userId, Math.max(seq, furthest.get(userId) ?? 0));
    const moved = await this.members.markRead(
      roomId,
      [...furthest].map(([userId, seq]) => ({ userId, seq })),
    );
    for (const { memberCount, ...mark } of moved) this.outbox.hint(readMark(roomId, mark, memberCount));
    return marks.map(() => true);
  }
}
