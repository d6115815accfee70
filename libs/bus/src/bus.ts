import { Logger } from '@nestjs/common';
import { type Observable, Subject } from 'rxjs';
import { gaps, received } from './bus.metrics';

type Receive = (message: Uint8Array) => void;

/**
 * Carries messages between replicas of a service. It may lose, repeat and reorder; `gaps` tells when it may have
 * lost something, so that subscribers compare what they hold with the database.
 */
export abstract class Bus {
  protected readonly log = new Logger('Bus');
  private readonly missed = new Subject<void>();
  private readonly receivers = new Map<string, Set<Receive>>();

  /**
   * Emits each time when messages may have been lost: when the way to the other replicas is back, every now and
   * then while it is broken, and when there was one that a subscriber could not take.
   */
  readonly gaps: Observable<void> = this.missed;

  /** Whether there may be other replicas. */
  readonly shared: boolean = true;

  /** @throws Error that says in words why replicas do not hear each other now */
  abstract assertConnected(): Promise<void>;

  /** Hands a message to every subscriber of every replica, this one included. Rejects when it could not be handed over. */
  abstract publish(topic: string, message: Uint8Array): Promise<void>;

  /**
   * Calls back for each message; the answer takes the subscription back. What it throws, of a message that it does
   * not understand say, is logged, and the message counts as lost.
   */
  subscribe(topic: string, receive: Receive): () => void {
    const receivers = this.receivers.get(topic) ?? new Set();
    this.receivers.set(topic, receivers.add(receive));
    return () => receivers.delete(receive);
  }

  protected get topics(): Iterable<string> {
    return this.receivers.keys();
  }

  protected deliver(topic: string, message: Uint8Array): void {
    received.inc();
    for (const receive of this.receivers.get(topic) ?? [])
      try {
        receive(message);
      } catch (error) {
        this.log.warn({ err: error, topic }, 'a message was not understood');
        this.gap();
      }
  }

  protected gap(): void {
    gaps.inc();
    this.missed.next();
  }
}
