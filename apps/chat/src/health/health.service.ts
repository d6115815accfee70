import { Injectable } from '@nestjs/common';
import { Bus } from '@veche/bus';
import type { Check } from '@veche/contracts';
import { type Database, InjectDatabase } from '@veche/database';
import { Checks } from '@veche/health';

/** Whether this process has what it needs. Redis only makes it faster: without it, replicas live by the database. */
@Injectable()
export class ChatHealth extends Checks {
  constructor(@InjectDatabase('chat') database: Database, bus: Bus) {
    super([
      { name: 'database', vital: true, look: () => database.assertUsable() },
      { name: 'bus', vital: false, look: () => bus.assertConnected() },
    ]);
  }

  async get(): Promise<{ checks: Check[] }> {
    return { checks: [...(await this.found())] };
  }
}
