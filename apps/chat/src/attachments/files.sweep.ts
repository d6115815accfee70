import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { FileStore } from '@veche/files';
import { Rounds } from '@veche/lifecycle';
import { unhurried } from '../unhurried';
import { AttachmentsRepository } from './attachments.repository';

const EVERY_MS = 30_000;
const DAY_SECONDS = 86_400;
const PIECE = 500;

/**
 * Takes out what was uploaded and is in no message after a day, and the bytes of what nothing refers to any more. Every
 * replica does so; each content is one replica's.
 */
@Injectable()
export class FilesSweep implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger('Files');
  private readonly rounds = new Rounds(
    () => this.round(),
    (error) => this.log.warn(`the sweep of files waits: ${String(error)}`),
  );

  constructor(
    private readonly repository: AttachmentsRepository,
    private readonly store: FileStore,
  ) {}

  onApplicationBootstrap(): void {
    this.rounds.every(EVERY_MS);
  }

  onModuleDestroy(): Promise<void> {
    return this.rounds.stop();
  }

  /** One round, as the timer begins it. */
  async round(): Promise<void> {
    while (!this.rounds.isStopping && (await this.repository.expire(DAY_SECONDS, PIECE)) === PIECE);
    const sweep = (): Promise<boolean> => this.repository.sweepOne((sha256) => this.store.remove(sha256));
    while (!this.rounds.isStopping && (await unhurried(sweep)));
    await this.store.removeStale(2 * DAY_SECONDS * 1_000);
  }
}
