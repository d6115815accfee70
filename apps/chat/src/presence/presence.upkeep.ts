import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Rounds } from '@veche/lifecycle';
import { PresenceService } from './presence.service';

const EVERY_MS = 1_000;

/** Looks every second, in every replica, whether a gateway has fallen silent or a status is over. */
@Injectable()
export class PresenceUpkeep implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger('Presence');
  private readonly rounds = new Rounds(
    () => this.presence.sweep(),
    (error) => this.log.warn(`who is here was not looked over: ${String(error)}`),
  );

  constructor(private readonly presence: PresenceService) {}

  onApplicationBootstrap(): void {
    this.rounds.every(EVERY_MS);
  }

  onModuleDestroy(): Promise<void> {
    return this.rounds.stop();
  }
}
