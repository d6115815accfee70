import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { PresenceService } from './presence.service';

const EVERY_MS = 1_000;

/** Looks every second, in every replica, whether a gateway has fallen silent or a status is over. */
@Injectable()
export class PresenceUpkeep implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger('Presence');
  private timer?: NodeJS.Timeout;
  private running?: Promise<void> | undefined;

  constructor(private readonly presence: PresenceService) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.running ??= this.presence
        .sweep()
        .catch((error: unknown) => this.log.warn(`who is here was not looked over: ${String(error)}`))
        .finally(() => (this.running = undefined));
    }, EVERY_MS);
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }
}
