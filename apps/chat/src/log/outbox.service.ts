import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Bus } from '@veche/bus';
import type { SubscribeResponse } from '@veche/contracts';
import { randomBytes } from 'node:crypto';
import { Observable, Subject } from 'rxjs';
import { LogRepository } from './log.repository';
import { OutboxRepository } from './outbox.repository';
import {
  deliveryOf,
  type Hint,
  ORIGIN_BYTES,
  originOf,
  RESYNC,
  toBusMessage,
  toDeliveries,
} from './outbox.wire';

const TOPIC = 'chat';
const TICK_MS = 500;
const SWEEP = 100;
const PUBLISH_TIMEOUT_MS = 2_000;
const NOBODY = new Uint8Array(ORIGIN_BYTES);

const within = async (work: Promise<void>, ms: number): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('the bus did not answer in time')), ms);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};

/**
 * Tells what was committed: to the subscribers in this process at once, to the other replicas by the bus. Each
 * commit leaves a row in the outbox until it is told; a row that outlives its second is told by any replica.
 */
@Injectable()
export class OutboxService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  /** Everything that any replica commits, and a resync when something may have been missed. */
  readonly deliveries: Observable<SubscribeResponse>;
  private readonly told = new Subject<SubscribeResponse>();
  private readonly log = new Logger('Outbox');
  private readonly origin = randomBytes(ORIGIN_BYTES);
  /** Rows whose commits were published; the next tick takes them out, off the way of the senders. */
  private published: string[] = [];
  private timer?: NodeJS.Timeout;
  private working?: Promise<void> | undefined;
  private stopping = false;
  private behind = false;
  private readonly leave: (() => void)[] = [];

  constructor(
    private readonly repository: OutboxRepository,
    private readonly entries: LogRepository,
    private readonly bus: Bus,
  ) {
    this.deliveries = this.told.asObservable();
  }

  onApplicationBootstrap(): void {
    const gaps = this.bus.gaps.subscribe(() => this.told.next(RESYNC));
    const unsubscribe = this.bus.subscribe(TOPIC, (message) => this.hear(message));
    this.leave.push(unsubscribe, () => gaps.unsubscribe());
    this.timer = setInterval(() => {
      this.working ??= this.tick().finally(() => {
        this.working = undefined;
      });
    }, TICK_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    clearInterval(this.timer);
    this.leave.forEach((leave) => leave());
    this.told.complete();
    await this.working;
    // what stays is told once more, by somebody else
    await this.removePublished().catch(() => undefined);
  }

  /** Tells a commit that was just made. Never throws: what cannot be told now stays in the outbox. */
  tell(outboxId: string, deliveries: readonly SubscribeResponse[]): void {
    for (const delivery of deliveries) this.told.next(delivery);
    Promise.all(deliveries.map((d) => this.bus.publish(TOPIC, toBusMessage(this.origin, d)))).then(
      () => this.published.push(outboxId),
      (error: Error) => this.log.debug(`not published, will be later: ${error.message}`),
    );
  }

  /** Tells something that is in no log, once: whoever is out of reach now does not hear of it. */
  hint(hint: SubscribeResponse & { body: Hint }): void {
    this.told.next(hint);
    this.bus
      .publish(TOPIC, toBusMessage(this.origin, hint))
      .catch((error: Error) => this.log.debug(`a hint is lost: ${error.message}`));
  }

  private hear(message: Uint8Array): void {
    if (this.origin.equals(originOf(message))) return;
    this.told.next(deliveryOf(message));
  }

  private async tick(): Promise<void> {
    try {
      await this.removePublished();
      await this.sweep();
      if (this.behind) this.log.log('the outbox is empty again');
      this.behind = false;
    } catch (error) {
      // the next tick tries again; nothing is lost meanwhile
      if (!this.behind) this.log.warn(`the outbox waits: ${(error as Error).message}`);
      this.behind = true;
    }
  }

  private async removePublished(): Promise<void> {
    const ids = [...this.published];
    if (ids.length === 0) return;
    await this.repository.remove(ids);
    this.published = this.published.slice(ids.length);
  }

  /** Publishes what was left behind by a process that died, or while the bus was away. */
  private async sweep(): Promise<void> {
    for (;;) {
      const left = await this.repository.claim(SWEEP);
      for (const { id, payload } of left) {
        const entries = await this.entries.ranges(payload.ranges);
        // from nobody, so that this process hears it too
        for (const delivery of toDeliveries(entries, payload.signals))
          await within(this.bus.publish(TOPIC, toBusMessage(NOBODY, delivery)), PUBLISH_TIMEOUT_MS);
        await this.repository.remove([id]);
      }
      if (left.length < SWEEP || this.stopping) return;
    }
  }
}
