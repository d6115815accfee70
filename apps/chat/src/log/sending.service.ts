import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Attachment, Entry, Mention } from '@veche/contracts';
import { Database, InjectDatabase, refusedData } from '@veche/database';
import { AppError } from '@veche/errors';
import { backoffMs } from '@veche/feed';
import { spanOfNow, tracer } from '@veche/telemetry';
import { setTimeout as pause } from 'node:timers/promises';
import { randomBytes } from 'node:crypto';
import { v7 as uuid } from 'uuid';
import type { Traced } from './commit-span';
import { commitMessages, sends, sendsWaiting } from './log.metrics';
import type { Sending } from './log.rules';
import { LogRepository, type NewMessage, type Outcome } from './log.repository';
import { OutboxService } from './outbox.service';
import { toDeliveries } from './outbox.wire';
import { type Answer, HELD, SharedCommits } from './shared-commits';

export interface MessageDraft extends Sending, Traced {
  readonly text: string;
  /** Left out where it mentions nobody. */
  readonly mentions?: readonly Mention[] | undefined;
  /** The files that come with it, as far as they are there. */
  readonly attachments?: readonly Attachment[] | undefined;
  /** Of a reply in a thread: it is shown in the room too. */
  readonly alsoInRoom?: boolean | undefined;
}

export interface Sent {
  readonly entry: Entry;
  /** Nothing was written now: the client id had been seen. */
  readonly repeated: boolean;
}

const BOUNDS = { batch: 500, waiting: 10_000, held: 1_000 };
/** A call of the database costs about as much as this many messages in it. */
const WORTHWHILE = 16;
/** As many as keep a database busy; two processors did more with four than with two, and no more with eight. */
const MOST_PARALLEL = 4;
/** These, and what is tried again beside them, leave half of the sessions to everybody else. */
const parallelOn = (sessions: number): number =>
  Math.max(1, Math.min(MOST_PARALLEL, Math.floor(sessions / 2) - 1));
/** Of an id. */
const RANDOM_BYTES = 16;
/** How long a batch is tried again while the database is out of reach: one that is restarted is back by then. */
const RETRY_MS = 1_000;

/** Appends messages to the logs of their rooms; those that come at the same moment share a commit. */
@Injectable()
export class SendingService implements OnModuleDestroy {
  private readonly commits: SharedCommits<MessageDraft, Sent>;
  private readonly unwatch: () => void;

  constructor(
    @InjectDatabase('chat') db: Database,
    private readonly repository: LogRepository,
    private readonly outbox: OutboxService,
  ) {
    this.commits = new SharedCommits(
      (batch) => this.commit(batch),
      ({ roomId }) => roomId,
      { ...BOUNDS, worthwhile: WORTHWHILE, parallel: parallelOn(db.sessions) },
    );
    this.unwatch = sendsWaiting.watch({}, () => this.commits.length);
  }

  /**
   * Answers after the commit. Sending again what may have been committed is always right: a client id that its
   * author has used before in the room gets its first answer.
   * @param deadline milliseconds since 1970; a message whose turn has not come by then is not sent
   * @throws AppError `room_not_found`, `not_a_member`, `message_not_found` (what it answers, or its thread hangs on),
   *   `already_in_thread`, `attachment_not_found`, `overloaded`, `deadline_exceeded`, `unavailable` (it may have been committed all the same)
   */
  send(message: MessageDraft, deadline: number): Promise<Sent> {
    return this.commits.push(tracer ? traced(message) : message, deadline);
  }

  async onModuleDestroy(): Promise<void> {
    await this.commits.close();
    this.unwatch();
  }

  private async commit(batch: readonly MessageDraft[]): Promise<readonly Answer<Sent>[]> {
    const until = performance.now() + RETRY_MS;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.commitOnce(batch);
      } catch (error) {
        // committed or not: the client ids tell
        if (isUnavailable(error) && (attempt === 1 || performance.now() < until)) {
          await pause(backoffMs(attempt));
          continue;
        }
        if (batch.length === 1 || !refusedData(error)) throw error;
        return this.commitInHalves(batch);
      }
    }
  }

  /** One of them is to blame, and must not take the others with it. */
  private async commitInHalves(batch: readonly MessageDraft[]): Promise<readonly Answer<Sent>[]> {
    const half = Math.ceil(batch.length / 2);
    const first = batch.slice(0, half);
    const failed = (part: readonly MessageDraft[]) => (error: Error) => part.map(() => error);
    const answers = await this.commit(first).catch(failed(first));
    const held = new Set(first.flatMap(({ roomId }, i) => (answers[i] === HELD ? [roomId] : [])));
    // nobody overtakes those of their room that are held
    const second = batch.slice(half).filter(({ roomId }) => !held.has(roomId));
    const rest = (second.length > 0 ? await this.commit(second).catch(failed(second)) : []).values();
    const following = batch.slice(half).map(({ roomId }) => (held.has(roomId) ? HELD : rest.next().value));
    return [...answers, ...following.map((answer) => answer ?? new Error('an answer is missing'))];
  }

  private async commitOnce(batch: readonly MessageDraft[]): Promise<readonly Answer<Sent>[]> {
    // asked for once: for each id alone it takes longer than all the rest of the id
    const random = randomBytes(RANDOM_BYTES * batch.length);
    const messages = batch.map((draft, i): NewMessage => {
      const own = random.subarray(RANDOM_BYTES * i, RANDOM_BYTES * (i + 1));
      return { ...draft, id: uuid({ random: own }) };
    });
    const outcomes = await this.outbox.committing(async () => {
      const result = await this.repository.appendMessages(messages);
      const entries = result.flatMap((outcome) => (outcome.kind === 'append' ? [outcome.entry] : []));
      return { result, deliveries: toDeliveries(entries, []) };
    }, batch);
    count(outcomes);
    return outcomes.map((outcome) => answer(outcome, outcomes));
  }
}

const traced = (message: MessageDraft): MessageDraft => {
  const span = spanOfNow();
  span?.set({ 'veche.room.id': message.roomId });
  return { ...message, span };
};

/** Those that are held are sent again. */
const count = (outcomes: readonly Outcome[]): void => {
  commitMessages.observe(outcomes.length);
  const results = new Map<string, number>();
  for (const outcome of outcomes) {
    const result = outcome.kind === 'refuse' ? outcome.code : outcome.kind;
    results.set(result, (results.get(result) ?? 0) + 1);
  }
  for (const [result, times] of results) sends.inc({ result }, times);
};

const isUnavailable = (error: unknown): boolean => error instanceof AppError && error.code === 'unavailable';

const answer = (outcome: Outcome, all: readonly Outcome[]): Answer<Sent> => {
  switch (outcome.kind) {
    case 'append':
      return { entry: outcome.entry, repeated: false };
    case 'original':
      return { entry: outcome.entry, repeated: true };
    case 'twin': {
      const first = all[outcome.of];
      return first?.kind === 'append'
        ? { entry: first.entry, repeated: true }
        : new Error('a message shares the fate of one that was not written');
    }
    case 'refuse':
      return new AppError(outcome.code);
    case 'held':
      return HELD;
  }
};
