import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Bus, type Message, type Receive, type Subscription } from '@veche/bus';
import type { SubscribeResponse } from '@veche/contracts';
import { childSpan, ending, tracer } from '@veche/telemetry';
import { v7 as uuid } from 'uuid';
import { shardOf } from './bucket.rules';
import { Audience, type Listener } from './audience';
import {
  ARRIVALS,
  deliveryOf,
  entriesIn,
  entriesOf,
  EVERYBODY,
  PRESENCE,
  type Publication,
  signalsIn,
  toPublications,
} from './bus.wire';
import { RESYNC, toDeliveries } from './outbox.wire';

/** A part of the bus that somebody here needs. */
interface Shard {
  /** Rooms in it that somebody here listens to. */
  rooms: number;
  readonly subscriptions: readonly Subscription[];
  readonly effective: Promise<unknown>;
}

/**
 * Brings what any replica commits to those in this process who listen to its room, and to the other replicas what
 * this one does. It listens to those parts of the bus in which somebody here has rooms, and reads of what comes there
 * what somebody here wants.
 */
@Injectable()
export class Deliveries implements OnApplicationBootstrap {
  private readonly id = uuid();
  private readonly audience = new Audience();
  private readonly shards = new Map<number, Shard>();
  private readonly leave: (() => void)[] = [];

  constructor(private readonly bus: Bus) {}

  onApplicationBootstrap(): void {
    const gaps = this.bus.gaps.subscribe(() => this.audience.tell(RESYNC));
    const arrivals = [ARRIVALS, PRESENCE].map((topic) => this.bus.subscribe(topic, this.hearArrivals));
    this.leave.push(
      () => gaps.unsubscribe(),
      () => arrivals.forEach((one) => one.end()),
    );
  }

  /** Somebody who hears a resync whenever something may have been missed, and nothing else before they say more. */
  open(): Listener {
    return this.audience.open();
  }

  remove(listener: Listener): void {
    this.release(this.audience.remove(listener));
  }

  /** Resolves when the listener hears everything that any replica commits in these rooms from then on. */
  async addRooms(listener: Listener, roomIds: readonly string[]): Promise<void> {
    const added = this.audience.addRooms(listener, roomIds);
    if (!this.bus.shared) return;
    for (const roomId of added) this.shardFor(roomId).rooms++;
    // another may have asked for a part just now
    const needed = new Set(roomIds.map(shardOf));
    await Promise.all([...needed].map(async (shard) => this.shards.get(shard)?.effective));
  }

  removeRooms(listener: Listener, roomIds: readonly string[]): void {
    this.release(this.audience.removeRooms(listener, roomIds));
  }

  /** From here on the listener hears how these users come into rooms. */
  addUsers(listener: Listener, userIds: readonly string[]): void {
    this.audience.addUsers(listener, userIds);
  }

  removeUsers(listener: Listener, userIds: readonly string[]): void {
    this.audience.removeUsers(listener, userIds);
  }

  /** Tells those in this process. */
  tellHere(delivery: SubscribeResponse): void {
    this.audience.tell(delivery);
  }

  /** Tells the other replicas; rejects when they could not be told. */
  async publish(deliveries: readonly SubscribeResponse[]): Promise<void> {
    if (!this.bus.shared) return;
    const span = childSpan('publish', { kind: 'producer' });
    const publish = ({ topic, messages }: Publication): Promise<void> =>
      this.bus.publish(topic, messages, this.id, span?.traceparent);
    const published = Promise.all(toPublications(deliveries).map(publish));
    await (span ? ending(span, published) : published);
  }

  /** Who listens hears the end. */
  close(): void {
    this.leave.forEach((leave) => leave());
    for (const { subscriptions } of this.shards.values()) for (const one of subscriptions) one.end();
    this.shards.clear();
    this.audience.close();
  }

  private shardFor(roomId: string): Shard {
    const shard = shardOf(roomId);
    const known = this.shards.get(shard);
    if (known) return known;
    const subscriptions = [
      this.bus.subscribe(entriesIn(shard), this.hearEntries),
      this.bus.subscribe(signalsIn(shard), this.hearSignals),
    ];
    const effective = Promise.all(subscriptions.map((one) => one.effective));
    const made = { rooms: 0, subscriptions, effective };
    this.shards.set(shard, made);
    return made;
  }

  private release(roomIds: readonly string[]): void {
    for (const roomId of roomIds) {
      const shard = this.shards.get(shardOf(roomId));
      if (!shard || --shard.rooms > 0) continue;
      this.shards.delete(shardOf(roomId));
      for (const one of shard.subscriptions) one.end();
    }
  }

  private readonly hearEntries: Receive = (messages, from, parent) => {
    const wanted = this.wanted(messages, from, (key) => this.audience.hasRoom(key));
    if (wanted.length === 0) return;
    const span = parent === undefined ? undefined : tracer?.begin('receive', { kind: 'consumer', parent });
    for (const delivery of toDeliveries(entriesOf(wanted), []))
      this.audience.tell(span ? { ...delivery, traceparent: span.traceparent } : delivery);
    span?.end();
  };

  private readonly hearSignals: Receive = (messages, from) => {
    const wanted = this.wanted(messages, from, (key) => this.audience.hasRoom(key));
    for (const message of wanted) this.audience.tell(deliveryOf(message));
  };

  private readonly hearArrivals: Receive = (messages, from) => {
    const wanted = this.wanted(messages, from, (key) => key === EVERYBODY || this.audience.hasUser(key));
    for (const message of wanted) this.audience.tell(deliveryOf(message));
  };

  /** Those here were told of what is our own. */
  private wanted(
    messages: readonly Message[],
    from: string,
    isWanted: (key: string) => boolean,
  ): readonly Message[] {
    return from === this.id ? [] : messages.filter(({ key }) => isWanted(key));
  }
}
