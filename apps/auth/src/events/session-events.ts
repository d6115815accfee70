import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { Bus, type Subscription } from '@veche/bus';
import { type SessionEnded, WatchSessionsResponse } from '@veche/contracts';
import { endWith, ignoreElements, map, merge, type Observable, of, Subject, takeUntil } from 'rxjs';

const TOPIC = { name: 'auth.sessions' };
const RESYNC: WatchSessionsResponse = { body: { $case: 'resync', value: {} } };

/** Tells every process that follows sessions, through whichever replica it follows them, what has changed. */
@Injectable()
export class SessionEvents implements BeforeApplicationShutdown {
  private readonly log = new Logger('Sessions');
  private readonly told = new Subject<WatchSessionsResponse>();
  private readonly subscription: Subscription;

  constructor(private readonly bus: Bus) {
    this.subscription = bus.subscribe(TOPIC, (messages) => {
      for (const { value } of messages) this.told.next(WatchSessionsResponse.decode(value));
    });
  }

  /** After the followers in this process have left, and before a server waits for its streams to end. */
  beforeApplicationShutdown(): void {
    this.subscription.end();
    this.told.complete();
  }

  /** Begins with a resync; another one follows whenever something may have been missed. */
  watch(): Observable<WatchSessionsResponse> {
    const ended = this.told.pipe(ignoreElements(), endWith(undefined));
    return merge(this.told, this.bus.gaps.pipe(map(() => RESYNC)), of(RESYNC)).pipe(takeUntil(ended));
  }

  /** To be called once the change is committed. */
  async sessionEnded(session: SessionEnded): Promise<void> {
    await this.publish(session.userId, { body: { $case: 'sessionEnded', value: session } });
  }

  /** To be called once the change is committed. */
  async userChanged(userId: string): Promise<void> {
    await this.publish(userId, { body: { $case: 'userChanged', value: { userId } } });
  }

  /** To be called once the change is committed. */
  async apiKeyChanged(keyId: string): Promise<void> {
    await this.publish(keyId, { body: { $case: 'apiKeyChanged', value: { keyId } } });
  }

  /** Tells those that follow this replica, and nobody else. */
  repeatEnd(session: SessionEnded): void {
    this.told.next({ body: { $case: 'sessionEnded', value: session } });
  }

  /** Tells those that follow this replica, and nobody else. */
  repeatChange(userId: string): void {
    this.told.next({ body: { $case: 'userChanged', value: { userId } } });
  }

  /** Tells those that follow this replica, and nobody else. */
  repeatApiKeyChange(keyId: string): void {
    this.told.next({ body: { $case: 'apiKeyChanged', value: { keyId } } });
  }

  /** Never fails: the change is made. The other replicas hear of it by the resync that follows a gap. */
  private async publish(key: string, event: WatchSessionsResponse): Promise<void> {
    try {
      const value = WatchSessionsResponse.encode(event).finish();
      await this.bus.publish(TOPIC, [{ key, value }]);
    } catch (error) {
      this.log.warn(`the other replicas could not be told: ${String(error)}`);
      this.told.next(event);
    }
  }
}
