import { Admin, type Base, type BaseOptions, GenericError, UserError } from '@platformatic/kafka';
import { setTimeout as pause } from 'node:timers/promises';

/** How long a topic that was made a moment ago may take until it is known where its partitions are. */
const SETTLE_MS = 5_000;
const LOOK_MS = 100;
/** How long what is known of topics is used without looking again. */
const FRESH_MS = 5_000;
/** Kafka removes whole segments of a topic: one of them holds no more than an hour. */
const SEGMENT_MS = '3600000';

/** A topic as Veche makes it where it is missing. One that is there is left as it is. */
export interface TopicPlan {
  readonly name: string;
  readonly partitions: number;
  /** Milliseconds that its records are kept. */
  readonly retentionMs: number;
}

/** Whether it is one of Kafka's errors by their names in the protocol. */
export const isProtocolError = (error: unknown, ...names: string[]): boolean =>
  GenericError.isGenericError(error as Error) &&
  names.some((name) => (error as GenericError).findBy('apiId', name) !== null);

/** What brokers answer of a topic, or of a partition of it, that was made or has moved a moment ago. */
const isSettling = (error: unknown): boolean =>
  error instanceof UserError ||
  isProtocolError(
    error,
    'LEADER_NOT_AVAILABLE',
    'NOT_LEADER_OR_FOLLOWER',
    'UNKNOWN_TOPIC_OR_PARTITION',
    'UNKNOWN_TOPIC_ID',
    'OFFSET_NOT_AVAILABLE',
  );

/** What `ask` gives, once everything is where it belongs; in between, `retry`. */
export const settled = async <T>(ask: () => Promise<T>, retry?: () => Promise<void>): Promise<T> => {
  const until = performance.now() + SETTLE_MS;
  for (;;)
    try {
      return await ask();
    } catch (error) {
      if (!isSettling(error) || performance.now() > until) throw error;
      await pause(LOOK_MS);
      await retry?.();
    }
};

/** Makes topics that are missing. */
export class KafkaTopics {
  private readonly looked = new Set<string>();

  constructor(private readonly options: BaseOptions) {}

  /** Once for each topic; what could not be made shows where it is used. */
  async make(plans: readonly TopicPlan[]): Promise<void> {
    const missing = plans.filter(({ name }) => !this.looked.has(name));
    if (missing.length === 0) return;
    const admin = new Admin(this.options);
    try {
      await Promise.all(
        missing.map(async ({ name, partitions, retentionMs }) => {
          const configs = [
            { name: 'retention.ms', value: `${retentionMs}` },
            { name: 'segment.ms', value: SEGMENT_MS },
          ];
          await admin.createTopics({ topics: [name], partitions, configs }).catch((error: unknown) => {
            const known = [
              'TOPIC_ALREADY_EXISTS',
              'TOPIC_AUTHORIZATION_FAILED',
              'CLUSTER_AUTHORIZATION_FAILED',
            ];
            if (!isProtocolError(error, ...known)) throw error;
          });
          this.looked.add(name);
        }),
      );
    } finally {
      admin.close().catch(() => undefined);
    }
  }

  /** Somebody has removed one, perhaps. */
  lookAgain(): void {
    this.looked.clear();
  }
}

/**
 * What a client knows of the topics that it uses: where their partitions are. It is renewed for all of them at once,
 * and before the client would do so itself: it looks topics up one by one, and where one of them is led by a broker
 * that it has meanwhile forgotten, it throws in a callback, which ends the process.
 */
export class KafkaLayout {
  private readonly plans = new Map<string, TopicPlan>();
  private renewedAt = -Infinity;

  constructor(
    private readonly client: Base<BaseOptions>,
    private readonly topics: KafkaTopics,
  ) {}

  /** From here on these topics are known too, made where they are missing. */
  async know(plans: readonly TopicPlan[]): Promise<void> {
    const isNew = plans.some(({ name }) => !this.plans.has(name));
    if (!isNew && performance.now() - this.renewedAt < FRESH_MS) return;
    for (const plan of plans) this.plans.set(plan.name, plan);
    await this.renew();
  }

  async renew(): Promise<void> {
    await this.topics.make([...this.plans.values()]);
    await settled(async () => {
      await this.client.metadata({ topics: [...this.plans.keys()], forceUpdate: true });
    });
    this.renewedAt = performance.now();
  }

  /** Undefined where it is not known yet. */
  of(name: string): { readonly id: string; readonly leaders: readonly number[] } | undefined {
    const topic = this.plans.has(name) ? this.client.currentMetadata?.topics.get(name) : undefined;
    return topic && { id: topic.id, leaders: topic.partitions.map(({ leader }) => leader) };
  }
}
