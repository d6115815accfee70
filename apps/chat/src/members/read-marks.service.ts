import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { MarkReadResponse } from '@veche/contracts';
import type { MarkReadDto } from '@veche/dto';
import { type Call, callerOf } from '@veche/rpc';
import { OutboxService } from '../log/outbox.service';
import { SharedCommits } from '../log/shared-commits';
import { readMark } from './member.wire';
import { MembersRepository, type ReadMarkRow } from './members.repository';
import { StandingService } from './standing.service';

const BOUNDS = { batch: 500, waiting: 10_000 };

/**
 * How far members have read. Marks that come at the same moment share a commit, of one reader's in one room only the
 * furthest is written, and what they tell leaves no row to be told from: the next `ready` has it anew.
 */
@Injectable()
export class ReadMarksService implements OnModuleDestroy {
  private readonly commits = new SharedCommits((marks: readonly ReadMarkRow[]) => this.commit(marks), BOUNDS);

  constructor(
    private readonly standings: StandingService,
    private readonly members: MembersRepository,
    private readonly outbox: OutboxService,
  ) {}

  /** Locks no room: a marker is its owner's alone, and must not wait for who writes. */
  async mark({ roomId, seq }: MarkReadDto, call: Call): Promise<MarkReadResponse> {
    const who = callerOf(call);
    await this.standings.forReading('read', roomId, who);
    await this.commits.push({ roomId, userId: who.userId, seq }, call.deadline ?? Date.now() + CALL_TIMEOUT_MS);
    return {};
  }

  async onModuleDestroy(): Promise<void> {
    await this.commits.close();
  }

  private async commit(marks: readonly ReadMarkRow[]): Promise<readonly true[]> {
    const furthest = new Map<string, ReadMarkRow>();
    for (const mark of marks) {
      const key = `${mark.roomId} ${mark.userId}`;
      if (mark.seq >= (furthest.get(key)?.seq ?? 0)) furthest.set(key, mark);
    }
    for (const { memberCount, ...moved } of await this.members.markRead([...furthest.values()]))
      this.outbox.hint({ body: readMark(moved, memberCount) });
    return marks.map(() => true);
  }
}
