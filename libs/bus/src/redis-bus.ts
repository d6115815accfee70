import type { OnApplicationShutdown } from '@nestjs/common';
import { BusFrame } from '@veche/contracts';
import { answeredWithin, RedisConnection, Seal } from '@veche/redis';
import { secondsSince } from '@veche/metrics';
import { Bus, type Message, type Topic } from './bus';
import { lagSeconds, published, strange } from './bus.metrics';

const PUBLISH_MS = 2_000;
const SUBSCRIBE_MS = 2_000;
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
 *
 * Each part of a topic is a channel, so that what nobody here listens to does not come here.
 */
export class RedisBus extends Bus implements OnApplicationShutdown {
  /** Channels that the client subscribes to, again by itself whenever it connects. */
  private readonly listening = new Set<string>();
  /** One change of them after the other: the client mixes up those that overtake each other. */
  private settling: Promise<void> = Promise.resolve();

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
    this.subscriber.client.on('ready', () => void this.whole());
    this.watch = setInterval(() => {
      if (!this.subscriber.client.isReady) this.gap();
      else if (this.unsettled) void this.whole();
    }, AWAY_MS).unref();
  }

  async assertConnected(): Promise<void> {
    if (!this.publisher.client.isReady || !this.subscriber.client.isReady)
      throw new Error('Redis is out of reach; replicas compare what they hold with the database');
  }

  async publish(topic: Topic, messages: readonly Message[], from = '', traceparent?: string): Promise<void> {
    const channel = this.channelOf(topic);
    const frame = BusFrame.encode({ from, messages: [...messages], traceparent }).finish();
    const sealed = this.seal.put(channel, frame);
    if (this.isHeard(channel) && (!this.watched || performance.now() - this.watched.at > LOST_MS))
      this.watched = { sealed, at: performance.now() };
    try {
      await answeredWithin(PUBLISH_MS, this.publisher.client.publish(this.prefix + channel, sealed));
      published.inc({ result: 'ok' }, messages.length);
    } catch (error) {
      published.inc({ result: 'failed' }, messages.length);
      throw error;
    }
  }

  protected override channelsChanged(): Promise<void> {
    // what changes in one turn is asked for at once
    return (this.settling = this.settling.then(() => this.settle()));
  }

  /** The connection is there: what was published before this moment did not arrive here. */
  private async whole(): Promise<void> {
    await this.channelsChanged();
    if (!this.unsettled) this.gap();
  }

  private get unsettled(): boolean {
    const { channels } = this;
    return channels.size !== this.listening.size || [...channels].some((c) => !this.listening.has(c));
  }

  /**
   * Subscribes to what is not subscribed yet. Never before the connection is ready: the client confuses a
   * subscription that had to wait for it with its own renewal of old ones.
   */
  private async settle(): Promise<void> {
    const { client } = this.subscriber;
    if (!client.isReady || !this.unsettled) return;
    const { channels } = this;
    const missing = [...channels].filter((channel) => !this.listening.has(channel));
    const unneeded = [...this.listening].filter((channel) => !channels.has(channel));
    const named = (names: string[]): string[] => names.map((channel) => this.prefix + channel);
    try {
      if (missing.length > 0)
        await answeredWithin(SUBSCRIBE_MS, client.subscribe(named(missing), this.take, true));
      for (const channel of missing) this.listening.add(channel);
      if (unneeded.length > 0)
        await answeredWithin(SUBSCRIBE_MS, client.unsubscribe(named(unneeded), this.take, true));
      for (const channel of unneeded) this.listening.delete(channel);
    } catch (error) {
      // the connection is lost, or will be: the next one is ready some time
      this.log.warn(`not subscribed: ${(error as Error).message}`);
    }
  }

  private readonly take = (sealed: Buffer, name: Buffer): void => {
    if (this.watched && sealed.equals(this.watched.sealed)) {
      lagSeconds.observe(secondsSince(this.watched.at));
      this.watched = undefined;
    }
    const channel = name.toString().slice(this.prefix.length);
    const bytes = this.seal.open(channel, sealed);
    if (bytes) return this.open(channel, bytes);
    strange.inc();
    if (performance.now() - this.toldOfStrangers < STRANGE_MS) return;
    this.toldOfStrangers = performance.now();
    this.log.warn({ channel }, 'somebody without our SERVICE_TOKEN publishes on our channels in Redis');
  };

  private open(channel: string, bytes: Uint8Array): void {
    try {
      const { from, messages, traceparent } = BusFrame.decode(bytes);
      this.deliver(channel, messages, from, traceparent);
    } catch (error) {
      this.log.warn({ err: error, channel }, 'what a replica published is no frame');
      this.gap();
    }
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.watch);
    await Promise.all([this.publisher.close(), this.subscriber.close()]);
  }
}
