import { Logger } from '@nestjs/common';
import {
  type BaseOptions,
  Consumer,
  FetchIsolationLevels,
  GenericError,
  ListOffsetTimestamps,
} from '@platformatic/kafka';
import { setTimeout as pause } from 'node:timers/promises';
import { reasonOf } from './kafka-access';
import { Positions } from './kafka-positions';
import { isProtocolError, KafkaLayout, type KafkaTopics, settled, type TopicPlan } from './kafka-topics';

/** How long a broker waits for something new. What is asked for meanwhile comes so much later, once. */
const WAIT_MS = 250;
const MOST_BYTES = 4 * 1024 * 1024;
const MOST_BYTES_OF_ONE = 1024 * 1024;
/** How often it is looked where the partitions are, and whether there are more. */
const LOOK_MS = 2_000;
const FIRST_BACKOFF_MS = 50;
const MAX_BACKOFF_MS = 1_000;

type Partition = Awaited<ReturnType<Consumer['fetch']>>['responses'][number]['partitions'][number];
/** Records as they lie in a topic, strangers' among them. */
export type Batches = NonNullable<Partition['records']>;

/** What somebody wants to hear: these parts of a topic. */
export interface Wanted {
  readonly plan: TopicPlan;
  readonly shards: ReadonlySet<number>;
}

export interface KafkaReaderOptions {
  readonly client: BaseOptions;
  readonly topics: KafkaTopics;
  readonly wanted: () => readonly Wanted[];
  /** @param from the first offset that is not known yet: a batch may begin before it */
  readonly take: (topic: string, batches: Batches, from: bigint) => void;
  /** Everything that is wanted is heard from now on; before, it may not have been. */
  readonly whole: () => void;
}

/** One client, for as long as all is well with it: what is wrong with one of its requests ends all. */
class Session {
  private readonly consumer: Consumer;
  private readonly layout: KafkaLayout;
  private readonly reading = new Set<number>();
  private readonly looking: NodeJS.Timeout;
  private settling: Promise<void> = Promise.resolve();
  private fail: (error: unknown) => void = () => undefined;
  private ended = false;
  /** Rejects when it is to be left. */
  readonly failed = new Promise<never>((_resolve, reject) => (this.fail = reject));

  constructor(
    private readonly options: KafkaReaderOptions,
    private readonly positions: Positions,
  ) {
    this.consumer = new Consumer({ ...options.client, groupId: 'veche' });
    this.layout = new KafkaLayout(this.consumer, options.topics);
    this.failed.catch(() => undefined);
    this.looking = setInterval(() => {
      this.layout
        .renew()
        .then(() => this.settle())
        .catch(this.fail);
    }, LOOK_MS).unref();
  }

  /** Resolves when everything that is wanted is heard from then on; rejects when it is not. */
  settle(): Promise<void> {
    const settled = this.settling.then(() => this.place());
    this.settling = settled.catch(this.fail);
    return settled;
  }

  close(): void {
    this.ended = true;
    clearInterval(this.looking);
    this.consumer.close().catch(() => undefined);
  }

  /** Finds where to begin in partitions that are not read yet. */
  private async place(): Promise<void> {
    for (;;) {
      await this.layout.know(this.options.wanted().map(({ plan }) => plan));
      // somebody may have come meanwhile who wants more
      if (!this.options.wanted().every(({ plan }) => this.layout.of(plan.name))) continue;
      const missing = this.partitions().filter(({ key }) => !this.positions.offsets.has(key));
      if (missing.length === 0) break;
      const partitions: Record<string, number[]> = {};
      for (const { topic, partition } of missing) (partitions[topic] ??= []).push(partition);
      const ends = {
        topics: Object.keys(partitions),
        partitions,
        timestamp: ListOffsetTimestamps.LATEST,
        isolationLevel: FetchIsolationLevels.READ_UNCOMMITTED,
      };
      const offsets = await settled(
        () => this.consumer.listOffsets(ends),
        () => this.layout.renew(),
      );
      for (const { topic, partition, key } of missing) {
        const offset = offsets.get(topic)?.[partition];
        if (offset === undefined) throw new Error(`Kafka does not tell where ${topic} ends`);
        this.positions.offsets.set(key, offset);
      }
    }
    this.read();
  }

  /** Of what is wanted, as far as it is known where it is. */
  private partitions(): { topic: string; topicId: string; partition: number; key: string; leader: number }[] {
    return this.options.wanted().flatMap(({ plan: { name: topic }, shards }) => {
      const { id: topicId, leaders } = this.layout.of(topic) ?? { id: '', leaders: [] };
      if (leaders.length === 0) return [];
      return [...this.positions.partitionsOf(topicId, leaders.length, shards)].map((partition) => ({
        topic,
        topicId,
        partition,
        key: Positions.key(topicId, partition),
        leader: leaders[partition] ?? -1,
      }));
    });
  }

  /** Reads from each broker that has something for us. */
  private read(): void {
    const partitions = this.partitions();
    const keys = new Set(partitions.map(({ key }) => key));
    // who comes back to a part begins at its end
    for (const key of this.positions.offsets.keys()) if (!keys.has(key)) this.positions.leave(key);
    for (const node of new Set(partitions.map(({ leader }) => leader)))
      if (!this.reading.has(node)) {
        this.reading.add(node);
        this.readFrom(node)
          .catch(this.fail)
          .finally(() => this.reading.delete(node));
      }
  }

  private async readFrom(node: number): Promise<void> {
    while (!this.ended) {
      const asked = this.askedOf(node);
      if (asked.size === 0) return;
      const byTopic = new Map<string, { partition: number; offset: bigint }[]>();
      for (const { topicId, partition, offset } of asked.values())
        byTopic.set(topicId, [...(byTopic.get(topicId) ?? []), { partition, offset }]);
      const topics = [...byTopic].map(([topicId, of]) => ({
        topicId,
        partitions: of.map(({ partition, offset }) => ({
          partition,
          fetchOffset: offset,
          currentLeaderEpoch: -1,
          lastFetchedEpoch: -1,
          partitionMaxBytes: MOST_BYTES_OF_ONE,
        })),
      }));
      const { responses } = await this.consumer.fetch({
        node,
        topics,
        minBytes: 1,
        maxBytes: MOST_BYTES,
        maxWaitTime: WAIT_MS,
        isolationLevel: FetchIsolationLevels.READ_UNCOMMITTED,
      });
      if (this.ended) return;
      for (const { topicId, partitions } of responses)
        for (const partition of partitions)
          this.take(asked.get(Positions.key(topicId, partition.partitionIndex)), partition);
    }
  }

  private askedOf(node: number) {
    const asked = new Map<
      string,
      { topic: string; topicId: string; partition: number; key: string; offset: bigint }
    >();
    for (const { leader, ...one } of this.partitions()) {
      const offset = this.positions.offsets.get(one.key);
      if (leader === node && offset !== undefined) asked.set(one.key, { ...one, offset });
    }
    return asked;
  }

  private take(
    asked: { topic: string; key: string; offset: bigint } | undefined,
    { records = [], highWatermark }: Partition,
  ): void {
    // it may have been left, and begun anew, meanwhile
    if (!asked || this.positions.offsets.get(asked.key) !== asked.offset) return;
    this.positions.endsAt(asked.key, highWatermark);
    const last = records.at(-1);
    if (!last) return;
    this.positions.offsets.set(asked.key, last.firstOffset + BigInt(last.lastOffsetDelta) + 1n);
    this.options.take(asked.topic, records, asked.offset);
  }
}

/** Whether it can be gone on where we were: nothing is wrong with what lies there. */
const isPassing = (error: unknown): boolean =>
  GenericError.isGenericError(error as Error) &&
  !isProtocolError(error, 'OFFSET_OUT_OF_RANGE', 'CORRUPT_MESSAGE') &&
  ['PLT_KFK_NETWORK', 'PLT_KFK_TIMEOUT', 'PLT_KFK_PROTOCOL', 'PLT_KFK_USER'].some(
    (code) => (error as GenericError).findBy('code', code) !== null,
  );

/**
 * Reads what is wanted, from the end of the topics on, without a consumer group: every replica reads for itself.
 * Whatever goes wrong, it begins anew with another client, where it was, and says that it has.
 */
export class KafkaReader {
  private readonly log = new Logger('Bus');
  private readonly positions = new Positions();
  private readonly closing = new AbortController();
  private session: Session | undefined;

  constructor(private readonly options: KafkaReaderOptions) {
    void this.run();
  }

  /** Whether everything that is wanted is heard, as far as is known. */
  get isWhole(): boolean {
    return this.session !== undefined;
  }

  /** Records that have come into what is read, and not to us; NaN while nobody knows. */
  get behind(): number {
    return this.isWhole ? this.positions.behind : NaN;
  }

  /** What is wanted has changed. Resolves when all of it is heard; while it cannot be, at once. */
  async changed(): Promise<void> {
    await this.session?.settle().catch(() => undefined);
  }

  close(): void {
    this.closing.abort();
  }

  private async run(): Promise<void> {
    const { signal } = this.closing;
    let backoff = FIRST_BACKOFF_MS;
    let said = '';
    while (!signal.aborted) {
      const session = new Session(this.options, this.positions);
      const closed = (): void => session.close();
      signal.addEventListener('abort', closed);
      try {
        await session.settle();
        if (said) this.log.log('Kafka answers');
        [backoff, said] = [FIRST_BACKOFF_MS, ''];
        this.session = session;
        this.options.whole();
        await session.failed;
      } catch (error) {
        if (signal.aborted) return;
        const reason = reasonOf(error);
        if (reason !== said) this.log.warn(`Kafka: ${reason}`);
        said = reason;
        if (!isPassing(error)) this.positions.clear();
        if (isProtocolError(error, 'UNKNOWN_TOPIC_OR_PARTITION', 'UNKNOWN_TOPIC_ID'))
          this.options.topics.lookAgain();
      } finally {
        this.session = undefined;
        signal.removeEventListener('abort', closed);
        session.close();
      }
      await pause(backoff, undefined, { signal }).catch(() => undefined);
      backoff = Math.min(backoff * 2, MAX_BACKOFF_MS);
    }
  }
}
