import type { Observable } from 'rxjs';

/**
 * Carries messages between replicas of a service. It may lose, repeat and reorder; `gaps` tells when it may have
 * lost something, so that subscribers compare what they hold with the database.
 */
export abstract class Bus {
  /**
   * Emits each time when messages may have been lost: when the way to the other replicas is back, and every now and
   * then while it is broken.
   */
  abstract readonly gaps: Observable<void>;

  /** @throws Error that says in words why replicas do not hear each other now */
  abstract assertConnected(): Promise<void>;

  /** Hands a message to every subscriber of every replica, this one included. Rejects when it could not be handed over. */
  abstract publish(topic: string, message: Uint8Array): Promise<void>;

  /** Calls back for each message; the answer takes the subscription back. */
  abstract subscribe(topic: string, receive: (message: Uint8Array) => void): () => void;
}
