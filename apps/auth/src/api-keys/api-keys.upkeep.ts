import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Rounds } from '@veche/lifecycle';
import { REPEATED_MS } from '../cached';
import { Clock } from '../clock';
import { ApiKeysRepository } from './api-keys.repository';
import { ApiKeysService } from './api-keys.service';

const EVERY_MS = 5_000;
/** Long enough that a change is repeated; nothing else needs a key that was revoked. */
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;
const AT_ONCE = 500;

/** Repeats what a replica may have died before it told, and removes what was revoked long ago. Each replica does it. */
@Injectable()
export class ApiKeysUpkeep implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger('ApiKeys');
  private readonly rounds = new Rounds(
    () => this.round(),
    (error) => this.log.warn(`upkeep failed, trying again: ${String(error)}`),
  );

  constructor(
    private readonly keys: ApiKeysService,
    private readonly repository: ApiKeysRepository,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.rounds.every(EVERY_MS);
  }

  onModuleDestroy(): Promise<void> {
    return this.rounds.stop();
  }

  async round(): Promise<void> {
    const before = (ms: number): Date => new Date(this.clock.now().getTime() - ms);
    await this.keys.repeatChanges(before(REPEATED_MS), AT_ONCE);
    await this.repository.removeRevoked(before(KEPT_MS));
  }
}
