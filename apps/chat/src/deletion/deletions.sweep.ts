import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Rounds } from '@veche/lifecycle';
import { unhurried } from '../unhurried';
import { type Claimed, DeletionsRepository } from './deletions.repository';

const EVERY_MS = 1_000;
/** Rows that one statement takes out: milliseconds, which is how long it may keep others from the disk. */
const PIECE = 1_000;

/**
 * Takes out, a piece at a time, what rooms that were deleted have left behind. It is busy for no more than half of the
 * time, so that who writes elsewhere does not notice; a process that dies leaves a piece at most to do again.
 */
@Injectable()
export class DeletionsSweep implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger('Deletions');
  private readonly rounds = new Rounds(
    () => this.round(),
    (error) => this.log.warn(`the sweep waits: ${String(error)}`),
  );

  constructor(private readonly repository: DeletionsRepository) {}

  onApplicationBootstrap(): void {
    this.rounds.every(EVERY_MS);
  }

  onModuleDestroy(): Promise<void> {
    return this.rounds.stop();
  }

  private async round(): Promise<void> {
    while (!this.rounds.isStopping) {
      const claimed = await this.repository.claim();
      if (!claimed) return;
      await this.sweep(claimed);
    }
  }

  private async sweep({ roomId, lastSeq, sweptSeq }: Claimed): Promise<void> {
    for (let from = sweptSeq + 1; from <= lastSeq; from += PIECE) {
      if (this.rounds.isStopping) return;
      const to = Math.min(from + PIECE - 1, lastSeq);
      await unhurried(() => this.repository.sweepEntries(roomId, from, to));
    }
    while (await unhurried(() => this.repository.sweepMembers(roomId, PIECE)))
      if (this.rounds.isStopping) return;
    await this.repository.finish(roomId);
  }
}
