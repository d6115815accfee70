import { AppError } from '@veche/errors';

/** How many may wait, in all and for one client; and how many work at once. */
export interface Bounds {
  readonly atOnce: number;
  readonly waiting: number;
  readonly waitingEach: number;
  /** What one takes, about: for the answer of when to come again. */
  readonly seconds: number;
}

/**
 * Work for which only so many may be at it at once. Clients take turns: who has asked a hundred times waits behind everybody
 * who has asked once.
 */
export class Turns {
  private running = 0;
  private waiting = 0;
  /** Those that wait, by client, the one whose turn it is first. */
  private readonly queues = new Map<string, (() => void)[]>();

  constructor(private readonly bounds: Bounds) {}

  /** @throws AppError `overloaded`, with the seconds after which to come again, where too many wait */
  async take<T>(client: string, work: () => Promise<T>): Promise<T> {
    if (this.running < this.bounds.atOnce) this.running++;
    else await this.wait(client);
    try {
      return await work();
    } finally {
      const next = this.next();
      // whoever leaves hands its place over
      if (next) next();
      else this.running--;
    }
  }

  private wait(client: string): Promise<void> {
    const queue = this.queues.get(client) ?? [];
    const { waiting, waitingEach, seconds, atOnce } = this.bounds;
    if (queue.length >= waitingEach || this.waiting >= waiting)
      throw new AppError('overloaded', { retryAfter: Math.ceil((this.waiting * seconds) / atOnce) || 1 });
    this.waiting++;
    this.queues.set(client, queue);
    return new Promise((resolve) => queue.push(resolve));
  }

  private next(): (() => void) | undefined {
    const [first] = this.queues;
    if (!first) return undefined;
    const [client, queue] = first;
    const next = queue.shift();
    this.waiting--;
    // to the end of the row, if there is more
    this.queues.delete(client);
    if (queue.length > 0) this.queues.set(client, queue);
    return next;
  }
}
