import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Entry } from '@veche/contracts';
import { refusedData } from '@veche/database';
import { AppError } from '@veche/errors';
import { backoffMs } from '@veche/feed';
import { setTimeout as pause } from 'node:timers/promises';
import { randomBytes } from 'node:crypto';
import { v7 as uuid } from 'uuid';
import { judge, type Sending, type Verdict } from './log.rules';
import { LogRepository, type NumberedEntry } from './log.repository';
import { LogService } from './log.service';
import { SharedCommits } from './shared-commits';

export interface NewMessage extends Sending {
  readonly text: string;
}

export interface Sent {
  readonly entry: Entry;
  /** Nothing was written now: the client id had been seen. */
  readonly repeated: boolean;
}

const BOUNDS = { batch: 500, waiting: 10_000 };
/** Of an id. */
const RANDOM_BYTES = 16;
/** How long a batch is tried again while the database is out of reach: one that is restarted is back by then. */
const RETRY_MS = 1_000;
/** Beyond it a batch has lost its connection; longer than a vanished process can keep a room locked. */
const PATIENCE_MS = 5_000;

const toEntry = (message: NewMessage, seq: number, random: Uint8Array): NumberedEntry => ({
  roomId: message.roomId,
  seq,
  actorId: message.authorId,
  body: {
    $case: 'messageCreated',
    value: { id: uuid({ random }), text: message.text, clientId: message.clientId, replyTo: message.replyTo },
  },
});

/** Appends messages to the logs of their rooms; those that come at the same moment share a commit. */
@Injectable()
export class SendingService implements OnModuleDestroy {
  private readonly commits = new SharedCommits((batch: readonly NewMessage[]) => this.commit(batch), BOUNDS);

  constructor(
    private readonly log: LogService,
    private readonly repository: LogRepository,
  ) {}

  /**
   * Answers after the commit. Sending again what may have been committed is always right: a client id that its
   * author has used before in the room gets its first answer.
   * @param deadline milliseconds since 1970; a message whose turn has not come by then is not sent
   * @throws AppError `room_not_found`, `not_a_member`, `message_not_found` (what it answers), `overloaded`,
   *   `deadline_exceeded`, `unavailable` (it may have been committed all the same)
   */
  send(message: NewMessage, deadline: number): Promise<Sent> {
    return this.commits.push(message, deadline);
  }

  async onModuleDestroy(): Promise<void> {
    await this.commits.close();
  }

  private async commit(batch: readonly NewMessage[]): Promise<readonly (Sent | Error)[]> {
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
        // one of them is to blame, and must not take the others with it
        const answers: (Sent | Error)[] = [];
        for (const message of batch)
          answers.push(...(await this.commit([message]).catch((alone: Error) => [alone])));
        return answers;
      }
    }
  }

  private async commitOnce(batch: readonly NewMessage[]): Promise<readonly (Sent | Error)[]> {
    const { result: verdicts, entries } = await this.log.commit(async (tx) => {
      const rooms = await this.repository.lock(tx, [...new Set(batch.map((m) => m.roomId))]);
      // only now, so that whoever was removed a moment ago is a member no more
      const known = await this.repository.circumstances(tx, batch);
      const verdicts = judge(batch, known, rooms);
      // asked for once: for each id alone it takes longer than all the rest of the id
      const random = randomBytes(RANDOM_BYTES * batch.length);
      const entries = batch.flatMap((message, i) => {
        const verdict = verdicts[i];
        const own = random.subarray(RANDOM_BYTES * i, RANDOM_BYTES * (i + 1));
        return verdict?.kind === 'append' ? [toEntry(message, verdict.seq, own)] : [];
      });
      return { result: verdicts, entries };
    }, PATIENCE_MS);
    const fresh = entries.values();
    const appended = verdicts.map((v) => (v.kind === 'append' ? fresh.next().value : undefined));
    return verdicts.map((verdict, i) => answer(verdict, appended, i));
  }
}

const isUnavailable = (error: unknown): boolean => error instanceof AppError && error.code === 'unavailable';

const answer = (
  verdict: Verdict<Entry>,
  appended: readonly (Entry | undefined)[],
  own: number,
): Sent | Error => {
  if (verdict.kind === 'refuse') return new AppError(verdict.code);
  if (verdict.kind === 'original') return { entry: verdict.entry, repeated: true };
  const entry = appended[verdict.kind === 'twin' ? verdict.of : own];
  return entry
    ? { entry, repeated: verdict.kind === 'twin' }
    : new Error('a message was accepted and not written');
};
