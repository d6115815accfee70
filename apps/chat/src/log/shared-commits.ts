import { AppError } from '@veche/errors';

interface Waiting<Q, A> {
  readonly item: Q;
  /** Milliseconds since 1970. */
  readonly deadline: number;
  resolve(answer: A): void;
  reject(error: unknown): void;
}

/**
 * Lets what waits at the same moment share one commit. What comes while nothing is being committed goes at once;
 * what comes meanwhile makes up the next batch. There is no timer: the busier it is, the larger the batches.
 */
export class SharedCommits<Q, A> {
  private waiting: Waiting<Q, A>[] = [];
  private running?: Promise<void> | undefined;
  private closed = false;

  /**
   * @param commit gives for each item its answer, or the error that it alone has
   * @param bounds how many may share a commit, and how many may wait for one
   */
  constructor(
    private readonly commit: (items: readonly Q[]) => Promise<readonly (A | Error)[]>,
    private readonly bounds: { readonly batch: number; readonly waiting: number },
  ) {}

  /**
   * Answers once the item is committed.
   * @throws AppError `overloaded` where too many wait, `deadline_exceeded` where its turn did not come in time,
   *   `unavailable` after {@link close}
   */
  push(item: Q, deadline: number): Promise<A> {
    if (this.closed) return Promise.reject(new AppError('unavailable'));
    if (this.waiting.length >= this.bounds.waiting) return Promise.reject(new AppError('overloaded'));
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, deadline, resolve, reject });
      this.running ??= this.run();
    });
  }

  /** Takes no more, and ends when what it has taken is answered. */
  async close(): Promise<void> {
    this.closed = true;
    await this.running;
  }

  private async run(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.slice(0, this.bounds.batch);
      this.waiting = this.waiting.slice(batch.length);
      await this.share(batch);
    }
    // in one breath with the condition above: what is pushed after it starts anew
    this.running = undefined;
  }

  private async share(batch: readonly Waiting<Q, A>[]): Promise<void> {
    const now = Date.now();
    const inTime = batch.filter((w) => w.deadline > now);
    for (const late of batch) if (late.deadline <= now) late.reject(new AppError('deadline_exceeded'));
    if (inTime.length === 0) return;
    try {
      const answers = await this.commit(inTime.map((w) => w.item));
      inTime.forEach((w, i) => {
        const answer = answers[i] ?? new Error('a commit left an item without an answer');
        if (answer instanceof Error) w.reject(answer);
        else w.resolve(answer);
      });
    } catch (error) {
      for (const w of inTime) w.reject(error);
    }
  }
}
