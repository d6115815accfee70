import { AppError } from '@veche/errors';
import { setTimeout as pause } from 'node:timers/promises';

/** What a commit answers for an item whose room somebody else holds: nothing was written, and it may try again. */
export const HELD = Symbol('held');

export type Answer<A> = A | Error | typeof HELD;

/** @returns for each item, in their order, its answer or the error that it alone has */
export type Commit<Q, A> = (items: readonly Q[]) => Promise<readonly Answer<A>[]>;

export interface Bounds {
  /** How many may share a commit. */
  readonly batch: number;
  /** How many may wait for one in all lanes together, and as many beside the lanes. */
  readonly waiting: number;
  /** How many of one room may wait beside the lanes. */
  readonly held: number;
}

interface Waiting<Q, A> {
  readonly item: Q;
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly deadline: number;
  resolve(answer: A): void;
  reject(error: unknown): void;
}

/**
 * Lets what waits at the same moment share one commit. What comes while nothing is being committed goes at once;
 * what comes meanwhile makes up the next batch. There is no timer: the busier it is, the larger the batches.
 *
 * There are several lanes, and each has commits of its own; a room always has the same lane. Items of a room that is
 * held leave their lane, and all that come for this room follow them: they try again beside the lanes, so that who
 * holds a room holds up nobody else. Items of one room are committed in the order in which they came, whichever way.
 */
export class SharedCommits<Q, A> {
  private readonly lanes: Lane<Q, A>[];
  private readonly aside: Aside<Q, A>;
  private closed = false;

  /** @param place tells an item's room, and its lane among so many */
  constructor(
    commit: Commit<Q, A>,
    private readonly place: (item: Q) => { room: string; lane: number },
    lanes: number,
    private readonly bounds: Bounds,
  ) {
    this.aside = new Aside(commit, bounds);
    this.lanes = Array.from({ length: lanes }, () => new Lane(commit, bounds.batch, this.aside));
  }

  /**
   * Answers once the item is committed.
   * @throws AppError `overloaded` where too many wait, `deadline_exceeded` where its turn did not come in time,
   *   `unavailable` after {@link close}
   */
  push(item: Q, deadline: number): Promise<A> {
    if (this.closed) return Promise.reject(new AppError('unavailable'));
    const { room, lane } = this.place(item);
    const way = this.aside.has(room) ? this.aside : this.lanes[lane];
    const full =
      way === this.aside
        ? this.aside.isFull(room)
        : this.lanes.reduce((sum, { length }) => sum + length, 0) >= this.bounds.waiting;
    if (!way || full) return Promise.reject(new AppError('overloaded'));
    return new Promise((resolve, reject) => way.add([{ item, key: room, deadline, resolve, reject }]));
  }

  /** Takes no more, and ends when what it has taken is answered. */
  async close(): Promise<void> {
    this.closed = true;
    await Promise.all(this.lanes.map((lane) => lane.finish()));
    await this.aside.close();
  }
}

/** One batch after the other. */
class Lane<Q, A> {
  private running?: Promise<void> | undefined;
  private waiting: Waiting<Q, A>[] = [];

  constructor(
    private readonly commit: Commit<Q, A>,
    private readonly batch: number,
    private readonly aside: Aside<Q, A>,
  ) {}

  get length(): number {
    return this.waiting.length;
  }

  add(items: readonly Waiting<Q, A>[]): void {
    this.waiting.push(...items);
    this.running ??= this.run();
  }

  /** Ends when what it has taken is answered, or has left. */
  async finish(): Promise<void> {
    await this.running;
  }

  private async run(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.slice(0, this.batch);
      this.waiting = this.waiting.slice(batch.length);
      const held = await share(batch, this.commit);
      if (held.length === 0) continue;
      const keys = new Set(held.map((w) => w.key));
      // what has come after them goes after them
      const later = this.waiting.filter((w) => keys.has(w.key));
      this.waiting = this.waiting.filter((w) => !keys.has(w.key));
      this.aside.add([...held, ...later]);
    }
    // in one breath with the condition above: what is pushed after it starts anew
    this.running = undefined;
  }
}

/** Of two replicas that write to one room without a pause, each finds it free soon enough. */
const RETRY_MS = { least: 1, most: 10 };

/** Items of rooms that are held: they try again, all rooms together, until nothing of a room is left. */
class Aside<Q, A> {
  /** Of each room that is here, those that are not being tried at this moment. */
  private readonly rooms = new Map<string, Waiting<Q, A>[]>();
  /** Those that are: they wait like the others, and may have to go on doing so. */
  private tried: readonly Waiting<Q, A>[] = [];
  private running?: Promise<void> | undefined;
  private retryMs = RETRY_MS.least;
  private closed = false;

  constructor(
    private readonly commit: Commit<Q, A>,
    private readonly bounds: Bounds,
  ) {}

  has(key: string): boolean {
    return this.rooms.has(key);
  }

  isFull(key: string): boolean {
    const all = [...this.rooms.values()].reduce((sum, { length }) => sum + length, this.tried.length);
    const own = this.tried.reduce((sum, w) => sum + Number(w.key === key), this.rooms.get(key)?.length ?? 0);
    return own >= this.bounds.held || all >= this.bounds.waiting;
  }

  add(items: readonly Waiting<Q, A>[]): void {
    for (const item of items) {
      const queue = this.rooms.get(item.key);
      if (queue) queue.push(item);
      else {
        this.rooms.set(item.key, [item]);
        this.retryMs = RETRY_MS.least;
      }
    }
    this.running ??= this.run();
  }

  /** What is still held after one more try is refused. */
  async close(): Promise<void> {
    this.closed = true;
    await this.running;
  }

  private async run(): Promise<void> {
    while (this.rooms.size > 0) {
      const last = this.closed;
      await pause(this.retryMs);
      const turn = this.turn();
      this.tried = turn;
      const held = await share(turn, this.commit);
      this.tried = [];
      this.putBack(held);
      for (const { key } of turn) if (this.rooms.get(key)?.length === 0) this.rooms.delete(key);
      this.retryMs = held.length < turn.length ? RETRY_MS.least : Math.min(2 * this.retryMs, RETRY_MS.most);
      if (last) this.giveUp();
    }
    this.running = undefined;
  }

  /** The first of each room, as many as may share a commit; who had a turn comes after the others next time. */
  private turn(): Waiting<Q, A>[] {
    const turn: Waiting<Q, A>[] = [];
    for (const [key, queue] of [...this.rooms]) {
      if (turn.length >= this.bounds.batch) break;
      const items = queue.splice(0, this.bounds.batch - turn.length);
      turn.push(...items);
      this.rooms.delete(key);
      // stays, also where it is empty now: what comes meanwhile comes after these
      this.rooms.set(key, queue);
    }
    return turn;
  }

  private putBack(held: readonly Waiting<Q, A>[]): void {
    for (const item of [...held].reverse()) this.rooms.get(item.key)?.unshift(item);
  }

  private giveUp(): void {
    for (const queue of this.rooms.values()) for (const w of queue) w.reject(new AppError('unavailable'));
    this.rooms.clear();
  }
}

/** Answers each item of a batch whose commit has an answer for it. @returns those that were held */
const share = async <Q, A>(
  batch: readonly Waiting<Q, A>[],
  commit: Commit<Q, A>,
): Promise<readonly Waiting<Q, A>[]> => {
  const now = Date.now();
  const inTime = batch.filter((w) => w.deadline > now);
  for (const late of batch) if (late.deadline <= now) late.reject(new AppError('deadline_exceeded'));
  if (inTime.length === 0) return [];
  try {
    const answers = await commit(inTime.map((w) => w.item));
    return inTime.filter((w, i) => {
      const answer = answers[i] ?? new Error('a commit left an item without an answer');
      if (answer === HELD) return true;
      if (answer instanceof Error) w.reject(answer);
      else w.resolve(answer);
      return false;
    });
  } catch (error) {
    for (const w of inTime) w.reject(error);
    return [];
  }
};
