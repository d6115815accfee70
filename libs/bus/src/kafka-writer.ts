import { type BaseOptions, ProduceAcks, Producer } from '@platformatic/kafka';
import type { KafkaRecord } from './kafka-record';
import { KafkaLayout, type KafkaTopics, settled, type TopicPlan } from './kafka-topics';

/** Of all that goes at once: Kafka takes 1 MiB of a partition by default, and it may all be for one. */
const MOST_BYTES = 512 * 1024;
/** Records that wait at one time: they must not pile up before a Kafka that is slow. */
const MOST_WAITING = 20_000;

interface Waiting {
  readonly plan: TopicPlan;
  readonly shard: number;
  readonly records: readonly KafkaRecord[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
  /** Nobody waits for it any more. */
  isLate: boolean;
}

const bytesOf = ({ key, value }: KafkaRecord): number => key.length + value.length + 100;

/** In pieces that may go at once, in their order. */
const pieces = (records: readonly KafkaRecord[]): KafkaRecord[][] => {
  const made: KafkaRecord[][] = [];
  let bytes = Infinity;
  for (const record of records) {
    if (bytes + bytesOf(record) > MOST_BYTES) {
      made.push([]);
      bytes = 0;
    }
    made.at(-1)?.push(record);
    bytes += bytesOf(record);
  }
  return made;
};

/**
 * Writes records, one request at a time; what comes meanwhile goes with the next. So they come to lie in each
 * partition in the order in which this process has given them here.
 */
export class KafkaWriter {
  private waiting: Waiting[] = [];
  private count = 0;
  private working = false;
  private client: { readonly producer: Producer; readonly layout: KafkaLayout } | undefined;

  constructor(
    private readonly options: BaseOptions,
    private readonly topics: KafkaTopics,
  ) {}

  /**
   * Resolves when all in-sync replicas have them.
   * @param shard which part of the topic they are about
   * @param withinMs after that, what has not been sent yet is not, and the promise rejects
   */
  async write(
    plan: TopicPlan,
    shard: number,
    records: readonly KafkaRecord[],
    withinMs: number,
  ): Promise<void> {
    if (this.count + records.length > MOST_WAITING)
      throw new Error(`${this.count} messages wait for Kafka already`);
    const added: Waiting[] = [];
    const written = pieces(records).map(
      (piece) =>
        new Promise<void>((resolve, reject) => {
          added.push({ plan, shard, records: piece, resolve, reject, isLate: false });
        }),
    );
    this.waiting.push(...added);
    this.count += records.length;
    const late = setTimeout(() => {
      for (const one of added) {
        one.isLate = true;
        one.reject(new Error(`no answer within ${withinMs} ms`));
      }
    }, withinMs);
    void this.work();
    try {
      await Promise.all(written);
    } finally {
      clearTimeout(late);
    }
  }

  async close(): Promise<void> {
    const { producer } = this.client ?? {};
    this.client = undefined;
    await producer?.close();
  }

  private async work(): Promise<void> {
    if (this.working) return;
    this.working = true;
    // what is written in one turn goes at once
    await Promise.resolve();
    while (this.waiting.length > 0) {
      const batch = this.take();
      if (batch.length === 0) continue;
      try {
        await this.send(batch);
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
        // it may hold a connection on which nothing comes any more
        await this.close().catch(() => undefined);
      }
    }
    this.working = false;
  }

  private take(): Waiting[] {
    const batch: Waiting[] = [];
    let bytes = 0;
    for (const one of this.waiting) {
      const more = one.records.reduce((sum, record) => sum + bytesOf(record), 0);
      if (batch.length > 0 && bytes + more > MOST_BYTES) break;
      batch.push(one);
      bytes += more;
    }
    this.waiting = this.waiting.slice(batch.length);
    this.count -= batch.reduce((sum, { records }) => sum + records.length, 0);
    return batch.filter(({ isLate }) => !isLate);
  }

  private async send(batch: readonly Waiting[]): Promise<void> {
    const { producer, layout } = (this.client ??= this.open());
    await layout.know(batch.map(({ plan }) => plan));
    const messages = () =>
      batch.flatMap(({ plan, shard, records }) => {
        const { name: topic } = plan;
        const { leaders } = layout.of(topic) ?? { leaders: [] };
        if (leaders.length === 0) throw new Error(`nothing is known of the topic ${topic}`);
        const partition = shard % leaders.length;
        return records.map((record) => ({ ...record, topic, partition }));
      });
    await settled(
      () => producer.send({ messages: messages(), acks: ProduceAcks.ALL }),
      () => layout.renew(),
    );
  }

  private open(): { readonly producer: Producer; readonly layout: KafkaLayout } {
    const producer = new Producer(this.options);
    return { producer, layout: new KafkaLayout(producer, this.topics) };
  }
}
