import type { OnApplicationShutdown } from '@nestjs/common';
import { answeredWithin, RedisConnection, Seal } from '@veche/redis';
import { secondsSince } from '@veche/metrics';
import { Bus } from './bus';
import { lagSeconds, published, strange } from './bus.metrics';

const PUBLISH_MS = 2_000;
/** How long replicas may hold different views while Redis is away. */
const AWAY_MS = 2_000;
/** After this, the message that is watched is lost, and another one is. */
const LOST_MS = 10_000;
/** How often at most the log tells of messages that are not ours. */
const STRANGE_MS = 60_000;

/**
 * Redis publish/subscribe: at most once, so each return of the subscribing connection is a gap. So is every moment
 * without it: replicas then live by comparing what they hold with the database. What others publish on our channels
 * is not heard, and is no gap either: they must not be able to make us read the database.
 */
export class RedisBus extends Bus implements OnApplicationShutdown {
  /** Topics that the client subscribes to, again by itself whenever it connects. */
  private readonly listening = new Set<string>();

  /** Channels do not belong to a Redis database (https://redis.io/docs/latest/develop/pubsub/), so their names do. */
  private readonly prefix: string;
  private readonly publisher: RedisConnection;
  private readonly subscriber: RedisConnection;
  private readonly seal: Seal;
  private readonly watch: NodeJS.Timeout;
  /** A message of ours that is on its way back to us. */
  private watched: { readonly sealed: Uint8Array; readonly at: number } | undefined;
  private toldOfStrangers = -STRANGE_MS;

  /** The bus works from the moment when Redis is there. */
  constructor(url: string, secret: string) {
    super();
    this.prefix = `veche:bus:${new URL(url).pathname.slice(1) || '0'}:`;
    this.seal = new Seal(secret, 'bus');
    this.publisher = new RedisConnection(url, 'Bus');
    this.subscriber = new RedisConnection(url, 'Bus');
    this.subscriber.client.on('ready', () => void this.listen());
    this.watch = setInterval(() => {
      if (!this.subscriber.client.isReady) this.gap();
    }, AWAY_MS).unref();
  }

  async assertConnected(): Promise<void> {
    if (!this.publisher.client.isReady || !this.subscriber.client.isReady)
      throw new Error('Redis is out of reach; replicas compare what they hold with the database');
  }

  async publish(topic: string, message: Uint8Array): Promise<void> {
    const sealed = this.seal.put(topic, message);
    if (!this.watched || performance.now() - this.watched.at > LOST_MS)
      this.watched = { sealed, at: performance.now() };
    try {
      await answeredWithin(PUBLISH_MS, this.publisher.client.publish(this.prefix + topic, sealed));
      published.inc({ result: 'ok' });
    } catch (error) {
      published.inc({ result: 'failed' });
      throw error;
    }
  }

  override subscribe(topic: string, receive: (message: Uint8Array) => void): () => void {
    const unsubscribe = super.subscribe(topic, receive);
    if (this.subscriber.client.isReady) void this.listen();
    return unsubscribe;
  }

  /**
   * Subscribes to what is not subscribed yet. Never before the connection is ready: the client confuses a
   * subscription that had to wait for it with its own renewal of old ones.
   */
  private async listen(): Promise<void> {
    try {
      for (const topic of this.topics) {
        if (this.listening.has(topic)) continue;
        this.listening.add(topic);
        const take = (sealed: Buffer): void => this.take(topic, sealed);
        await this.subscriber.client.subscribe(this.prefix + topic, take, true).catch((error: unknown) => {
          this.listening.delete(topic);
          throw error;
        });
      }
      // what was published before this moment did not arrive here
      this.gap();
    } catch (error) {
      // the connection is lost again: the next one is ready some time
      this.log.warn(`not subscribed: ${(error as Error).message}`);
    }
  }

  private take(topic: string, sealed: Buffer): void {
    if (this.watched && sealed.equals(this.watched.sealed)) {
      lagSeconds.observe(secondsSince(this.watched.at));
      this.watched = undefined;
    }
    const message = this.seal.open(topic, sealed);
    if (message) return this.deliver(topic, message);
    strange.inc();
    if (performance.now() - this.toldOfStrangers < STRANGE_MS) return;
    this.toldOfStrangers = performance.now();
    this.log.warn({ topic }, 'somebody without our SERVICE_TOKEN publishes on our channels in Redis');
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.watch);
    await Promise.all([this.publisher.close(), this.subscriber.close()]);
  }
}
