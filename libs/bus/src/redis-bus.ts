import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import { createClient } from 'redis';
import { Subject } from 'rxjs';
import { Bus } from './bus';

type Client = ReturnType<typeof createClient>;
type Receive = (message: Uint8Array) => void;

const PREFIX = 'veche:bus:';

/** Redis publish/subscribe: at most once, so each return of the subscribing connection is a gap. */
export class RedisBus extends Bus implements OnApplicationShutdown {
  readonly gaps = new Subject<void>();
  private readonly log = new Logger('Bus');
  private readonly receivers = new Map<string, Set<Receive>>();
  /** Topics that the client subscribes to, again by itself whenever it connects. */
  private readonly listening = new Set<string>();

  private constructor(
    private readonly publisher: Client,
    private readonly subscriber: Client,
  ) {
    super();
  }

  /** Answers at once; the bus works from the moment when Redis is there. */
  static open(url: string): RedisBus {
    const options = {
      url,
      // a publish while Redis is away must fail, not wait in memory
      disableOfflineQueue: true,
      // nor may it pile up before a Redis that has stopped answering
      commandsQueueMaxLength: 10_000,
      pingInterval: 5_000,
      socket: {
        connectTimeout: 2_000,
        reconnectStrategy: (retries: number) => Math.min(50 * 2 ** retries, 1_000),
      },
    };
    const publisher = createClient(options);
    const subscriber = createClient(options);
    const bus = new RedisBus(publisher, subscriber);
    for (const client of [publisher, subscriber]) {
      // without a listener a lost connection would end the process
      client.on('error', (error: Error) => bus.log.warn(`Redis: ${error.message}`));
      client.connect().catch(() => undefined);
    }
    subscriber.on('ready', () => void bus.listen());
    return bus;
  }

  async publish(topic: string, message: Uint8Array): Promise<void> {
    await this.publisher.publish(
      PREFIX + topic,
      Buffer.from(message.buffer, message.byteOffset, message.byteLength),
    );
  }

  subscribe(topic: string, receive: Receive): () => void {
    const receivers = this.receivers.get(topic) ?? new Set<Receive>();
    this.receivers.set(topic, receivers.add(receive));
    if (this.subscriber.isReady) void this.listen();
    return () => receivers.delete(receive);
  }

  /**
   * Subscribes to what is not subscribed yet. Never before the connection is ready: the client confuses a
   * subscription that had to wait for it with its own renewal of old ones.
   */
  private async listen(): Promise<void> {
    try {
      for (const [topic, receivers] of this.receivers) {
        if (this.listening.has(topic)) continue;
        this.listening.add(topic);
        const deliver = (message: Buffer): void => receivers.forEach((receive) => receive(message));
        await this.subscriber.subscribe(PREFIX + topic, deliver, true).catch((error: unknown) => {
          this.listening.delete(topic);
          throw error;
        });
      }
      // what was published before this moment did not arrive here
      this.gaps.next();
    } catch (error) {
      // the connection is lost again: the next one is ready some time
      this.log.warn(`not subscribed: ${(error as Error).message}`);
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.allSettled([this.publisher.disconnect(), this.subscriber.disconnect()]);
  }
}
