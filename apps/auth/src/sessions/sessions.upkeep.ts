import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Rounds } from '@veche/lifecycle';
import { REPEATED_MS } from '../cached';
import { Clock } from '../clock';
import { UsersService } from '../users/users.service';
import { SessionsRepository } from './sessions.repository';
import { SessionsService } from './sessions.service';

const EVERY_MS = 5_000;
/** For a week a client that comes back is still told why its session ended. */
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;
const AT_ONCE = 500;

/** What has to happen although nobody asks for it. Each replica does it; each round is bounded. */
@Injectable()
export class SessionsUpkeep implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger('Sessions');
  private readonly rounds = new Rounds(
    () => this.round(),
    (error) => this.log.warn(`upkeep failed, trying again: ${String(error)}`),
  );

  constructor(
    private readonly sessions: SessionsService,
    private readonly repository: SessionsRepository,
    private readonly users: UsersService,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.rounds.every(EVERY_MS);
  }

  onModuleDestroy(): Promise<void> {
    return this.rounds.stop();
  }

  /** One round: ends what has expired, repeats what a replica may have died before it told, removes what is old. */
  async round(): Promise<void> {
    const now = this.clock.now();
    const before = (ms: number): Date => new Date(now.getTime() - ms);
    await this.sessions.announce(await this.repository.endExpired(now, AT_ONCE));
    await this.sessions.repeatEnds(before(REPEATED_MS), AT_ONCE);
    await this.users.repeatChanges(before(REPEATED_MS), AT_ONCE);
    await this.repository.removeEnded(before(KEPT_MS), AT_ONCE);
  }
}
