import { Logger } from '@nestjs/common';
import { type Observable, Subject } from 'rxjs';
import { gaps, received } from './bus.metrics';

/** What messages are about, and which part of it: who needs some of the parts listens to those. */
export interface Topic {
  readonly name: string;
  /** Which of the parts, from 0 on; none where the topic has no parts. */
  readonly shard?: number;
  /** How long, in milliseconds, others than replicas may read it, where the bus keeps anything; if it is for others. */
  readonly keptMs?: number;
}

export interface Message {
  /** By which a receiver tells whether it wants a message, before it reads it. Those of one key stay together. */
  readonly key: string;
  readonly value: Uint8Array;
}

/**
 * Takes what was published at once.
 * @param from who has published it; empty where nobody is to know
 * @param traceparent the span in which it was published, where that is traced
 */
export type Receive = (messages: readonly Message[], from: string, traceparent?: string) => void;

export interface Subscription {
  /**
   * Resolves when everything that is published from then on is heard. While the way to the others is broken it
   * resolves too: {@link Bus.gaps} tells when it is whole.
   */
  readonly effective: Promise<void>;
  end(): void;
}

/**
 * Carries messages between replicas of a service. It may lose, repeat and reorder; `gaps` tells when it may have
 * lost something, so that subscribers compare what they hold with the database.
 */
export abstract class Bus {
  protected readonly log = new Logger('Bus');
  private readonly missed = new Subject<void>();
  /** By channel, with its topic, and how often each has subscribed to it. */
  private readonly receivers = new Map<
    string,
    { readonly topic: Topic; readonly times: Map<Receive, number> }
  >();

  /**
   * Emits each time when messages may have been lost: when the way to the other replicas is back, every now and
   * then while it is broken, and when there was one that a subscriber could not take.
   */
  readonly gaps: Observable<void> = this.missed;

  /** Whether there may be other replicas. */
  readonly shared: boolean = true;

  /** Whether others than replicas follow it too, who look nowhere else: nothing may be left out then. */
  readonly isFeed: boolean = false;

  /** @throws Error that says in words why replicas do not hear each other now */
  abstract assertConnected(): Promise<void>;

  /**
   * Hands messages to every subscriber of every replica, this one included. Rejects when they could not all be handed
   * over.
   */
  abstract publish(
    topic: Topic,
    messages: readonly Message[],
    from?: string,
    traceparent?: string,
  ): Promise<void>;

  /**
   * Calls back for what is published. Who subscribes to several parts of a topic may hear others of its parts too, and
   * each message once if it is the same function. What it throws, of a message that it does not understand say, is
   * logged, and the messages count as lost.
   */
  subscribe(topic: Topic, receive: Receive): Subscription {
    const channel = this.channelOf(topic);
    const receivers = this.receivers.get(channel) ?? { topic, times: new Map<Receive, number>() };
    const { times } = receivers;
    this.receivers.set(channel, receivers);
    times.set(receive, (times.get(receive) ?? 0) + 1);
    const end = (): void => {
      const left = (times.get(receive) ?? 0) - 1;
      if (left > 0) times.set(receive, left);
      else times.delete(receive);
      if (times.size > 0 || this.receivers.get(channel) !== receivers) return;
      this.receivers.delete(channel);
      void this.channelsChanged();
    };
    return { effective: this.channelsChanged(), end };
  }

  /** What a topic, or a part of it, is heard by. */
  protected channelOf({ name, shard }: Topic): string {
    return shard === undefined ? name : `${name}.${shard}`;
  }

  /** Those that somebody here listens to. */
  protected get channels(): ReadonlySet<string> {
    return new Set(this.receivers.keys());
  }

  /** What somebody here listens to. */
  protected get topics(): readonly Topic[] {
    return [...this.receivers.values()].map(({ topic }) => topic);
  }

  /** Whether somebody here listens to a channel. */
  protected isHeard(channel: string): boolean {
    return this.receivers.has(channel);
  }

  /** They are others than before. Resolves as {@link Subscription.effective} does. */
  protected channelsChanged(): Promise<void> {
    return Promise.resolve();
  }

  protected deliver(channel: string, messages: readonly Message[], from: string, traceparent?: string): void {
    received.inc(messages.length);
    for (const receive of [...(this.receivers.get(channel)?.times.keys() ?? [])])
      try {
        receive(messages, from, traceparent);
      } catch (error) {
        this.log.warn({ err: error, channel }, 'a message was not understood');
        this.gap();
      }
  }

  protected gap(): void {
    gaps.inc();
    this.missed.next();
  }
}
