import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { PRESENCE } from '@veche/contracts';
import { backoffMs } from '@veche/feed';
import type { Client } from '@veche/rpc';
import { v7 as uuid } from 'uuid';
import type { Connection } from './connection';

/** How long what changes waits for more. */
const TICK_MS = 250;
/** Users in one report. */
const AT_ONCE = 1_000;
/** How long somebody without a connection may come back before anybody is told: a page that is loaded again. */
const GRACE_MS = 5_000;
const CALL_MS = 5_000;
/** Until chat has said it. */
const FIRST_LEASE_MS = 4_000;

interface Here {
  readonly connections: Set<Connection>;
  readonly idle: Set<Connection>;
}

/**
 * Tells chat who is connected to this process: what has changed, and, a few times within the lease that chat gives, that
 * it is still there. Where chat knows nothing of it any more, everybody again.
 */
@Injectable()
export class PresenceReports implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger('Presence');
  private readonly gatewayId = uuid();
  private readonly users = new Map<string, Here>();
  /** Those of whom chat has to hear, and from when on. */
  private readonly due = new Map<string, number>();
  private timer?: NodeJS.Timeout;
  private underWay = false;
  private failures = 0;
  private nextAt = 0;
  private leaseMs = FIRST_LEASE_MS;

  constructor(@Inject(PRESENCE.token) private readonly presence: Client<typeof PRESENCE.definition>) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.tick(), TICK_MS).unref();
  }

  /** Those who are here come back elsewhere, or are off line when the lease is over: nobody flickers. */
  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  add(connection: Connection): void {
    const { userId } = connection.principal;
    const user = this.users.get(userId) ?? { connections: new Set(), idle: new Set() };
    this.users.set(userId, user);
    user.connections.add(connection);
    this.due.set(userId, 0);
  }

  remove(connection: Connection): void {
    const { userId } = connection.principal;
    const user = this.users.get(userId);
    if (!user?.connections.delete(connection)) return;
    user.idle.delete(connection);
    this.due.set(userId, performance.now() + GRACE_MS);
  }

  /** Nobody sits at this device, or somebody does again. */
  setIdle(connection: Connection, idle: boolean): void {
    const { userId } = connection.principal;
    const user = this.users.get(userId);
    // it may have gone while it said so
    if (!user?.connections.has(connection) || user.idle.has(connection) === idle) return;
    if (idle) user.idle.add(connection);
    else user.idle.delete(connection);
    this.due.set(userId, 0);
  }

  private async tick(): Promise<void> {
    if (this.underWay) return;
    const userIds = this.takeDue();
    if (userIds.length === 0 && (this.users.size === 0 || performance.now() < this.nextAt)) return;
    this.underWay = true;
    try {
      const reports = userIds.map((userId) => this.reportOf(userId));
      const context = { requestId: uuid(), deadline: Date.now() + CALL_MS };
      const { known, leaseMs } = await this.presence.reportPresence(
        { gatewayId: this.gatewayId, reports },
        context,
      );
      this.leaseMs = leaseMs;
      if (!known) this.reportEverybody(new Set(userIds));
      for (const { userId, here } of reports) if (!here) this.forget(userId);
      if (this.failures > 0) this.log.log('who is here is told again');
      this.failures = 0;
      this.nextAt = performance.now() + this.leaseMs / 4;
    } catch (error) {
      for (const userId of userIds) if (!this.due.has(userId)) this.due.set(userId, 0);
      if (this.failures++ === 0) this.log.warn(`who is here is told later: ${String(error)}`);
      this.nextAt = performance.now() + backoffMs(this.failures);
    } finally {
      this.underWay = false;
    }
  }

  /** But for those who were reported just now, and those who may come back. */
  private reportEverybody(reported: ReadonlySet<string>): void {
    for (const [userId, { connections }] of this.users)
      if (connections.size > 0 && !reported.has(userId)) this.due.set(userId, 0);
  }

  /** Nobody, while it has to be waited for another try. */
  private takeDue(): string[] {
    const now = performance.now();
    if (this.failures > 0 && now < this.nextAt) return [];
    const userIds: string[] = [];
    for (const [userId, at] of this.due) {
      if (userIds.length === AT_ONCE) break;
      if (at > now) continue;
      this.due.delete(userId);
      userIds.push(userId);
    }
    return userIds;
  }

  private reportOf(userId: string): { userId: string; here: boolean; idle: boolean } {
    const user = this.users.get(userId);
    const here = user !== undefined && user.connections.size > 0;
    return { userId, here, idle: here && user.idle.size === user.connections.size };
  }

  private forget(userId: string): void {
    if (this.users.get(userId)?.connections.size === 0) this.users.delete(userId);
  }
}
