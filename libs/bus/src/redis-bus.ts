import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import { answeredWithin, RedisConnection } from '@veche/redis';
import { Subject } from 'rxjs';
import { Bus } from './bus';

type Receive = (message: Uint8Array) => void;

const PUBLISH_MS = 2_000;
/** How long replicas may hold different views while Redis is away. */
const AWAY_MS = 2_000;

/**
 * Redis publish/subscribe: at most once, so each return of the subscribing connection is a gap. So is every moment
 * without it: replicas then live by comparing what they hold with the database.
 */
export class RedisBus extends Bus implements OnApplicationShutdown {
  readonly gaps = new Subject<void>();
  private readonly log = new Logger('Bus');
  private readonly receivers = new Map<string, Set<Receive>>();
  /** Topics that the client subscribes to, again by itself whenever it connects. */
  private readonly listening = new Set<string>();

  /** Channels do not belong to a Redis database (https://redis.io/docs/latest/develop/pubsub/), so their names do. */
  private readonly prefix: string;
  private readonly publisher: RedisConnection;
  private readonly subscriber: RedisConnection;
  private readonly watch: NodeJS.Timeout;

  /** The bus works from the moment when Redis is there. */
  constructor(url: string) {
    super();
    this.prefix = `veche:bus:${new URL(url).pathname.slice(1) || '0'}:`;
    this.publisher = new RedisConnection(url, 'Bus');
    this.subscriber = new RedisConnection(url, 'Bus');
    this.subscriber.client.on('ready', () => void this.listen());
    this.watch = setInterval(() => {
      if (!this.subscriber.client.isReady) this.gaps.next();
    }, AWAY_MS).unref();
  }

  async assertConnected(): Promise<void> {
    if (!this.publisher.client.isReady || !this.subscriber.client.isReady)
      throw new Error('Redis is out of reach; replicas compare what they hold with the database');
  }

  async publish(topic: string, message: Uint8Array): Promise<void> {
    const bytes = Buffer.from(message.buffer, message.byteOffset, message.byteLength);
    await answeredWithin(PUBLISH_MS, this.publisher.client.publish(this.prefix + topic, bytes));
  }

  subscribe(topic: string, receive: Receive): () => void {
    const receivers = this.receivers.get(topic) ?? new Set<Receive>();
    this.receivers.set(topic, receivers.add(receive));
    if (this.subscriber.client.isReady) void this.listen();
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
        await this.subscriber.client.subscribe(this.prefix + topic, deliver, true).catch((error: unknown) => {
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
    clearInterval(this.watch);
    await Promise.all([this.publisher.close(), this.subscriber.close()]);
  }
}
