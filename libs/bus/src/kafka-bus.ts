import type { OnApplicationShutdown } from '@nestjs/common';
import type { BaseOptions } from '@platformatic/kafka';
import { secondsSince } from '@veche/metrics';
import { Seal } from '@veche/redis';
import { Bus, type Message, type Topic } from './bus';
import { behind, lagSeconds, published, strange } from './bus.metrics';
import type { KafkaAccess } from './kafka-access';
import { type Batches, KafkaReader } from './kafka-reader';
import { headersOf, isOurs, type RecordHeaders, toRecord } from './kafka-record';
import { KafkaTopics, type TopicPlan } from './kafka-topics';
import { KafkaWriter } from './kafka-writer';

const PUBLISH_MS = 2_000;
const CONNECT_MS = 2_000;
const REQUEST_MS = 2_000;
/** How long replicas may hold different views while Kafka is away. */
const AWAY_MS = 2_000;
/** After this, the message that is watched is lost, and another one is. */
const LOST_MS = 10_000;
/** How often at most the log tells of messages that are not ours. */
const STRANGE_MS = 60_000;
/** For how long a failure to publish is told of where nothing was published since. */
const REFUSED_MS = 10_000;
/** For what is of no use an hour later: everybody has compared what they hold with the database by then. */
const HOUR_MS = 3_600_000;

export interface KafkaBusOptions {
  readonly access: KafkaAccess;
  /** What the names of topics begin with: one for each installation. */
  readonly prefix: string;
  /** Into how many partitions a topic that has parts is divided where it is made. */
  readonly partitions: number;
}

/**
 * Kafka: each message is a record by its key, and those of one part of a topic lie in one partition, in the order in
 * which each process has published them. Every replica reads the partitions in which somebody here listens to a part,
 * from their end on, and drops the parts that nobody wants before it looks at what they say.
 *
 * Nothing is lost while the connection is, but what could not be published meanwhile is; so its return is a gap, as
 * every moment without it is. What others write into our topics is not heard, and is no gap either.
 */
export class KafkaBus extends Bus implements OnApplicationShutdown {
  override readonly isFeed = true;
  private readonly seal: Seal;
  private readonly writer: KafkaWriter;
  private readonly reader: KafkaReader;
  private readonly watch: NodeJS.Timeout;
  private readonly unmeasure: () => void;
  private watched: { readonly seal: Uint8Array; readonly at: number } | undefined;
  private toldOfStrangers = -STRANGE_MS;
  private refusedAt = -REFUSED_MS;

  /** The bus works from the moment when Kafka is there. */
  constructor(
    private readonly options: KafkaBusOptions,
    secret: string,
  ) {
    super();
    this.seal = new Seal(secret, 'bus');
    const client: BaseOptions = {
      clientId: 'veche',
      ...options.access,
      connectTimeout: CONNECT_MS,
      requestTimeout: REQUEST_MS,
      timeout: REQUEST_MS,
      // whoever publishes tries again, and the reader begins anew
      retries: 0,
      // see KafkaLayout
      metadataMaxAge: Number.MAX_SAFE_INTEGER,
    };
    const topics = new KafkaTopics(client);
    this.writer = new KafkaWriter(client, topics);
    this.reader = new KafkaReader({
      client,
      topics,
      wanted: () => this.wanted(),
      take: this.take,
      whole: () => this.gap(),
    });
    this.unmeasure = behind.watch({}, () => this.reader.behind);
    this.watch = setInterval(() => {
      if (!this.reader.isWhole) this.gap();
    }, AWAY_MS).unref();
  }

  async assertConnected(): Promise<void> {
    if (!this.reader.isWhole || performance.now() - this.refusedAt < REFUSED_MS)
      throw new Error('Kafka is out of reach; replicas compare what they hold with the database');
  }

  async publish(topic: Topic, messages: readonly Message[], from = '', traceparent?: string): Promise<void> {
    const channel = this.channelOf(topic);
    const records = messages.map((message) =>
      toRecord(this.seal, channel, topic.shard, message, from, traceparent),
    );
    const [first] = records;
    if (first && this.isHeard(channel) && (!this.watched || performance.now() - this.watched.at > LOST_MS))
      this.watched = { seal: headersOf([...first.headers]).seal, at: performance.now() };
    try {
      await this.writer.write(this.planOf(topic), topic.shard ?? 0, records, PUBLISH_MS);
      published.inc({ result: 'ok' }, messages.length);
      this.refusedAt = -REFUSED_MS;
    } catch (error) {
      published.inc({ result: 'failed' }, messages.length);
      this.refusedAt = performance.now();
      throw error;
    }
  }

  protected override channelsChanged(): Promise<void> {
    return this.reader.changed();
  }

  private planOf({ name, shard, keptMs = HOUR_MS }: Topic): TopicPlan {
    return {
      name: `${this.options.prefix}.${name}`,
      partitions: shard === undefined ? 1 : this.options.partitions,
      retentionMs: keptMs,
    };
  }

  private wanted() {
    const byName = new Map<string, { readonly plan: TopicPlan; readonly shards: Set<number> }>();
    for (const topic of this.topics) {
      const known = byName.get(topic.name) ?? { plan: this.planOf(topic), shards: new Set<number>() };
      byName.set(topic.name, known);
      known.shards.add(topic.shard ?? 0);
    }
    return [...byName.values()];
  }

  private readonly take = (topic: string, batches: Batches, from: bigint): void => {
    const name = topic.slice(this.options.prefix.length + 1);
    // those that were published at once are told at once
    let together: { channel: string; headers: RecordHeaders; messages: Message[] } | undefined;
    const tell = (): void => {
      if (together) {
        const { channel, headers, messages } = together;
        this.deliver(channel, messages, headers.from, headers.traceparent);
      }
      together = undefined;
    };
    for (const { firstOffset, records } of batches)
      for (const { offsetDelta, key, value, headers: given } of records) {
        if (firstOffset + BigInt(offsetDelta) < from) continue;
        const headers = headersOf(given);
        const channel = headers.shard === undefined ? name : `${name}.${headers.shard}`;
        if (!this.isHeard(channel)) continue;
        const message = { key: key?.toString() ?? '', value: value ?? Buffer.alloc(0) };
        if (!this.knows(channel, message, headers)) continue;
        if (
          together?.channel !== channel ||
          together.headers.from !== headers.from ||
          together.headers.traceparent !== headers.traceparent
        ) {
          tell();
          together = { channel, headers, messages: [] };
        }
        together.messages.push(message);
      }
    tell();
  };

  private knows(channel: string, message: Message, headers: RecordHeaders): boolean {
    if (isOurs(this.seal, channel, message, headers)) {
      if (this.watched && Buffer.compare(this.watched.seal, headers.seal) === 0) {
        lagSeconds.observe(secondsSince(this.watched.at));
        this.watched = undefined;
      }
      return true;
    }
    strange.inc();
    if (performance.now() - this.toldOfStrangers >= STRANGE_MS) {
      this.toldOfStrangers = performance.now();
      this.log.warn({ channel }, 'somebody without our SERVICE_TOKEN publishes in our topics in Kafka');
    }
    return false;
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.watch);
    this.unmeasure();
    this.reader.close();
    await this.writer.close().catch(() => undefined);
  }
}
