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
  /** How many commits may run at the same time. */
  readonly parallel: number;
  /** How many have to wait before another commit begins beside one that runs: what a commit costs is shared by them. */
  readonly worthwhile: number;
  /** How many may wait for a commit, and as many in rooms that are held. */
  readonly waiting: number;
  /** How many of one room may wait while it is held. */
  readonly held: number;
}

interface Waiting<Q, A> {
  readonly item: Q;
  readonly room: string;
  /** Milliseconds since 1970. */
  readonly deadline: number;
  resolve(answer: A): void;
  reject(error: unknown): void;
}

/**
 * Lets what waits at the same moment share one commit. What comes while nothing is being committed goes at once;
 * what comes meanwhile makes up the next batch. There is no timer: the busier it is, the larger the batches. Where
 * enough of them wait to be worth a commit of their own, several run at the same time, each with rooms of its own.
 *
 * Items of a room that is held are put aside, and all that come for this room follow them: they try again beside the
 * others, so that who holds a room holds up nobody else. Items of one room are committed in the order in which they
 * came, whichever way.
 */
export class SharedCommits<Q, A> {
  /** Of each room of which nothing is being committed, what waits; who came first is first. */
  private readonly free = new Map<string, Waiting<Q, A>[]>();
  /** Of each room of which something is, what waits behind it. */
  private readonly behind = new Map<string, Waiting<Q, A>[]>();
  /** How many wait, and how many of them in rooms that are free. */
  private waiting = 0;
  private ready = 0;
  private running = 0;
  private readonly aside: Aside<Q, A>;
  private closed = false;
  private allDone: (() => void) | undefined;

  constructor(
    private readonly commit: Commit<Q, A>,
    private readonly roomOf: (item: Q) => string,
    private readonly bounds: Bounds,
  ) {
    this.aside = new Aside(commit, bounds);
  }

  /**
   * Answers once the item is committed.
   * @throws AppError `overloaded` where too many wait, `deadline_exceeded` where its turn did not come in time,
   *   `unavailable` after {@link close}
   */
  push(item: Q, deadline: number): Promise<A> {
    if (this.closed) return Promise.reject(new AppError('unavailable'));
    const room = this.roomOf(item);
    const isHeld = this.aside.has(room);
    if (isHeld ? this.aside.isFull(room) : this.waiting >= this.bounds.waiting)
      return Promise.reject(new AppError('overloaded'));
    return new Promise((resolve, reject) => {
      const waiting = { item, room, deadline, resolve, reject };
      if (isHeld) this.aside.add([waiting]);
      else this.add(waiting);
    });
  }

  /** How many wait for a commit. */
  get length(): number {
    return this.waiting + this.aside.length;
  }

  /** Takes no more, and ends when what it has taken is answered. */
  async close(): Promise<void> {
    this.closed = true;
    if (this.running > 0) await new Promise<void>((resolve) => (this.allDone = resolve));
    await this.aside.close();
  }

  private add(waiting: Waiting<Q, A>): void {
    const { room } = waiting;
    this.waiting++;
    const behind = this.behind.get(room);
    if (behind) return void behind.push(waiting);
    this.ready++;
    const free = this.free.get(room);
    if (free) free.push(waiting);
    else this.free.set(room, [waiting]);
    this.begin();
  }

  private begin(): void {
    const { parallel, worthwhile } = this.bounds;
    while (this.running < parallel && this.ready >= (this.running === 0 ? 1 : worthwhile))
      void this.run(this.take());
  }

  /** The next batch. Its rooms are not free from now on. */
  private take(): Waiting<Q, A>[] {
    const { batch, parallel, worthwhile } = this.bounds;
    const share = Math.ceil(this.ready / (parallel - this.running));
    const size = Math.min(batch, Math.max(worthwhile, share));
    const taken: Waiting<Q, A>[] = [];
    for (const [room, queue] of this.free) {
      if (taken.length >= size) break;
      this.free.delete(room);
      this.ready -= queue.length;
      this.behind.set(room, queue.splice(size - taken.length));
      taken.push(...queue);
    }
    this.waiting -= taken.length;
    return taken;
  }

  private async run(batch: readonly Waiting<Q, A>[]): Promise<void> {
    this.running++;
    const held = await share(batch, this.commit);
    this.running--;
    const rooms = new Map(batch.map(({ room }) => [room, [] as Waiting<Q, A>[]]));
    for (const waiting of held) rooms.get(waiting.room)?.push(waiting);
    for (const [room, first] of rooms) {
      const later = this.behind.get(room) ?? [];
      this.behind.delete(room);
      if (first.length > 0) {
        this.waiting -= later.length;
        // what has come after them goes after them
        this.aside.add([...first, ...later]);
      } else if (later.length > 0) {
        this.ready += later.length;
        this.free.set(room, later);
      }
    }
    this.begin();
    if (this.running === 0) this.allDone?.();
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

  has(room: string): boolean {
    return this.rooms.has(room);
  }

  get length(): number {
    return [...this.rooms.values()].reduce((sum, { length }) => sum + length, this.tried.length);
  }

  isFull(room: string): boolean {
    const own = this.tried.reduce(
      (sum, w) => sum + Number(w.room === room),
      this.rooms.get(room)?.length ?? 0,
    );
    return own >= this.bounds.held || this.length >= this.bounds.waiting;
  }

  add(items: readonly Waiting<Q, A>[]): void {
    for (const item of items) {
      const queue = this.rooms.get(item.room);
      if (queue) queue.push(item);
      else {
        this.rooms.set(item.room, [item]);
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
      for (const { room } of turn) if (this.rooms.get(room)?.length === 0) this.rooms.delete(room);
      this.retryMs = held.length < turn.length ? RETRY_MS.least : Math.min(2 * this.retryMs, RETRY_MS.most);
      if (last) this.giveUp();
    }
    this.running = undefined;
  }

  /** The first of each room, as many as may share a commit; who had a turn comes after the others next time. */
  private turn(): Waiting<Q, A>[] {
    const turn: Waiting<Q, A>[] = [];
    for (const [room, queue] of [...this.rooms]) {
      if (turn.length >= this.bounds.batch) break;
      const items = queue.splice(0, this.bounds.batch - turn.length);
      turn.push(...items);
      this.rooms.delete(room);
      // stays, also where it is empty now: what comes meanwhile comes after these
      this.rooms.set(room, queue);
    }
    return turn;
  }

  private putBack(held: readonly Waiting<Q, A>[]): void {
    for (const item of [...held].reverse()) this.rooms.get(item.room)?.unshift(item);
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
