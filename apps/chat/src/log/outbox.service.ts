import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import { Bus } from '@veche/bus';
import type { SubscribeResponse } from '@veche/contracts';
import { AppError } from '@veche/errors';
import { secondsSince } from '@veche/metrics';
import { childSpan, ending, inSpan, spanOfNow, tracer } from '@veche/telemetry';
import { v7 as uuid } from 'uuid';
import { sharedCommitSpan, type Traced } from './commit-span';
import { Deliveries } from './deliveries.service';
import {
  commitSeconds,
  countEntries,
  outboxRows,
  outboxSeconds,
  toldAgain,
  untoldSeconds,
} from './log.metrics';
import { LogRepository } from './log.repository';
import { OutboxRepository } from './outbox.repository';
import { type Hint, RESYNC, toDeliveries } from './outbox.wire';
import { ReplicasRepository } from './replicas.repository';
import { type Commit, ToldCursor } from './told-cursor';

const TICK_MS = 500;
const SWEEP = 100;
const PUBLISH_TIMEOUT_MS = 1_000;
/** Entries that are told once more; beyond it, everybody is told to look. */
const MOST_AGAIN = 10_000;
const ENTRIES_AT_ONCE = 500;
const FIRST_STEP_MS = 60_000;

const within = async (work: Promise<unknown>, ms: number): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('the bus did not answer in time')), ms);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};

/** Whoever hears of it goes on in the trace of the commit. */
const traced = (deliveries: readonly SubscribeResponse[]): readonly SubscribeResponse[] => {
  const span = spanOfNow();
  if (!span?.recording) return deliveries;
  return deliveries.map((delivery) => ({ ...delivery, traceparent: span.traceparent }));
};

/** What a commit has done, and what is to be told of it. */
export interface Told<T> {
  readonly result: T;
  readonly deliveries: readonly SubscribeResponse[];
  /** The row in the outbox that remembers its signals. */
  readonly outboxId?: string | undefined;
}

/**
 * Tells what was committed: to the subscribers in this process at once, to the other replicas by the bus. Of entries,
 * the log itself is the memory: each process says in a row of its own since when something of it may be untold, and
 * where it falls silent, or cannot tell, others publish what the log holds from that moment on. Signals, which are in
 * no log, leave a row in the outbox until they are told; one that outlives its second is told by any replica.
 */
@Injectable()
export class OutboxService implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('Outbox');
  private readonly id = uuid();
  private readonly cursor = new ToldCursor(new Date(0));
  /** Rows whose signals were published; the next tick takes them out, off the way of the senders. */
  private published: string[] = [];
  private timer?: NodeJS.Timeout;
  private working?: Promise<void> | undefined;
  private measuring?: ReturnType<OutboxRepository['depth']> | undefined;
  private stopping = false;
  private behind = false;
  private readonly leave: (() => void)[] = [];
  private readonly hearers = new Set<(roomIds: Iterable<string>) => void>();

  constructor(
    private readonly repository: OutboxRepository,
    private readonly replicas: ReplicasRepository,
    private readonly entries: LogRepository,
    private readonly deliveries: Deliveries,
    private readonly bus: Bus,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.say();
  }

  onApplicationBootstrap(): void {
    this.leave.push(
      untoldSeconds.watch({}, () => this.cursor.untoldMs / 1000),
      outboxRows.watch({}, async () => (await this.depth()).rows),
      outboxSeconds.watch({}, async () => (await this.depth()).overdueSeconds),
    );
    this.timer = setInterval(() => {
      this.working ??= this.tick().finally(() => {
        this.working = undefined;
      });
    }, TICK_MS);
  }

  /** Whoever asks at the same moment, as both metrics do, is answered by one query. */
  private depth(): ReturnType<OutboxRepository['depth']> {
    return (this.measuring ??= this.repository.depth().finally(() => {
      this.measuring = undefined;
    }));
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    clearInterval(this.timer);
    this.leave.forEach((leave) => leave());
    this.deliveries.close();
    await this.working;
    // what stays is told once more, by somebody else
    await this.removePublished().catch(() => undefined);
    if (this.cursor.isClear) await this.replicas.forget([this.id]).catch(() => undefined);
  }

  /**
   * Commits, and tells everybody of it, also where this process dies in between. It does not wait for anybody to hear.
   * @param commit gives what is to be told. Where it throws, nothing is, unless it has lost the database
   * @param messages those that share the commit, each of which may be in a trace of its own
   */
  committing<T>(commit: () => Promise<Told<T>>, messages?: readonly Traced[]): Promise<T> {
    if (!tracer) return this.commitAndTell(commit);
    const span = messages ? sharedCommitSpan(messages) : childSpan('commit');
    // in no span rather than in that of whoever came first
    const committed = inSpan(span, () => this.commitAndTell(commit));
    return span ? ending(span, committed) : committed;
  }

  private async commitAndTell<T>(commit: () => Promise<Told<T>>): Promise<T> {
    const began = this.cursor.begin();
    const since = performance.now();
    try {
      const { result, deliveries, outboxId } = await commit();
      commitSeconds.observe(secondsSince(since));
      this.tell(began, traced(deliveries), outboxId);
      return result;
    } catch (error) {
      // then nobody knows whether it was committed
      if (error instanceof AppError && error.code === 'unavailable') this.cursor.doubt(began);
      else this.cursor.end(began);
      throw error;
    }
  }

  /** Tells in which rooms this process has committed entries, as it does. @returns what ends it */
  onCommit(hear: (roomIds: Iterable<string>) => void): () => void {
    this.hearers.add(hear);
    return () => this.hearers.delete(hear);
  }

  private tell(commit: Commit, deliveries: readonly SubscribeResponse[], outboxId?: string): void {
    for (const { body } of deliveries) {
      if (body?.$case !== 'entries') continue;
      countEntries(body.value.entries);
      for (const hear of this.hearers) hear(body.value.entries.map(({ roomId }) => roomId));
    }
    for (const delivery of deliveries) this.deliveries.tellHere(delivery);
    within(this.deliveries.publish(deliveries), PUBLISH_TIMEOUT_MS).then(
      () => {
        this.cursor.end(commit);
        if (outboxId !== undefined) this.published.push(outboxId);
      },
      (error: Error) => {
        this.cursor.doubt(commit);
        this.log.debug(`not published, will be later: ${error.message}`);
      },
    );
  }

  /** Tells something that is in no log, once: whoever is out of reach now does not hear of it. */
  hint(...hints: readonly (SubscribeResponse & { body: Hint })[]): void {
    for (const hint of hints) this.deliveries.tellHere(hint);
    this.deliveries
      .publish(hints)
      .catch((error: Error) => this.log.debug(`a hint is lost: ${error.message}`));
  }

  private async tick(): Promise<void> {
    try {
      await this.removePublished();
      await this.clearDoubt();
      await this.say();
      await this.help();
      await this.sweep();
      if (this.behind) this.log.log('everything is told again');
      this.behind = false;
    } catch (error) {
      // the next tick tries again; nothing is lost meanwhile
      if (!this.behind) this.log.warn(`not everything is told: ${(error as Error).message}`);
      this.behind = true;
    }
  }

  private async removePublished(): Promise<void> {
    const ids = [...this.published];
    if (ids.length === 0) return;
    await this.repository.remove(ids);
    this.published = this.published.slice(ids.length);
  }

  /** Tells again what this process could not, or may not have told. Where it fails, others hear nothing of us. */
  private async clearDoubt(): Promise<void> {
    const doubted = this.cursor.takeDoubted();
    if (!doubted) return;
    try {
      await this.tellSince(doubted.since);
      this.cursor.end(doubted);
    } catch (error) {
      this.cursor.doubt(doubted);
      throw error;
    }
  }

  /**
   * Where there is nobody else, nobody has to know how far this process has told.
   * @returns the database's time
   */
  private async say(): Promise<Date | undefined> {
    if (!this.bus.shared) return undefined;
    const now = await this.replicas.say(this.id, this.cursor.toldAt);
    this.cursor.tick(now);
    return now;
  }

  /** Tells what others have left untold: they died, or have no way to the bus. */
  private async help(): Promise<void> {
    if (!this.bus.shared) return;
    const silent = (await this.replicas.claim()).filter(({ id }) => id !== this.id);
    if (silent.length === 0) return;
    const ids = silent.map(({ id }) => id);
    try {
      await this.tellSince(
        silent.reduce((least, { toldAt }) => (toldAt < least ? toldAt : least), new Date()),
      );
    } catch (error) {
      await this.replicas.release(ids);
      throw error;
    }
    await this.replicas.bury(silent.flatMap(({ id, gone }) => (gone ? [id] : [])));
  }

  /** Tells everybody what the log holds from a moment on, those in this process too. */
  private async tellSince(moment: Date): Promise<void> {
    if (!this.bus.shared) return this.publish(RESYNC);
    const ranges = await this.entries.madeSince(moment, MOST_AGAIN);
    const count = ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0);
    if (count >= MOST_AGAIN) {
      // so many that everybody had better look for themselves
      await this.publish(RESYNC);
      return this.bus.isFeed ? this.tellAllSince(moment) : undefined;
    }
    await this.tellRanges(ranges);
  }

  /** Tells a feed what there is too much of to be told at once: in steps of time, each as long as it may be. */
  private async tellAllSince(moment: Date): Promise<void> {
    let [from, step] = [moment.getTime(), FIRST_STEP_MS];
    const now = (await this.say())?.getTime() ?? Date.now();
    while (from <= now) {
      const to = new Date(from + step);
      // what a millisecond holds cannot be divided further
      const limit = step > 1 ? MOST_AGAIN : Number.MAX_SAFE_INTEGER;
      const ranges = await this.entries.madeSince(new Date(from), limit, to);
      const count = ranges.reduce((sum, range) => sum + range.to - range.from + 1, 0);
      if (count >= limit) {
        step = Math.ceil(step / 4);
        continue;
      }
      await this.tellRanges(ranges);
      from += step;
      step *= 2;
      // or others would think that this process cannot tell, and do it too
      await this.say();
    }
  }

  private async tellRanges(ranges: Awaited<ReturnType<LogRepository['madeSince']>>): Promise<void> {
    const entries = await this.entries.ranges(ranges);
    toldAgain.inc(entries.length);
    for (let i = 0; i < entries.length; i += ENTRIES_AT_ONCE)
      for (const delivery of toDeliveries(entries.slice(i, i + ENTRIES_AT_ONCE), []))
        await this.publish(delivery);
  }

  /** Publishes signals that were left behind by a process that died, or while the bus was away. */
  private async sweep(): Promise<void> {
    for (;;) {
      const left = await this.repository.claim(SWEEP);
      for (const { id, payload } of left) {
        toldAgain.inc(payload.signals.length);
        for (const delivery of toDeliveries([], payload.signals)) await this.publish(delivery);
        await this.repository.remove([id]);
      }
      if (left.length < SWEEP || this.stopping) return;
    }
  }

  private publish(delivery: SubscribeResponse): Promise<void> {
    this.deliveries.tellHere(delivery);
    return within(this.deliveries.publish([delivery]), PUBLISH_TIMEOUT_MS);
  }
}
