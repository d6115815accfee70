import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { OutboxService } from '../log/outbox.service';
import { unhurried } from '../unhurried';
import { IndexingService, ROOMS_AT_ONCE } from './indexing.service';
import { lagSeconds } from './search.metrics';

/** So much may gather for one piece; nobody notices that a message is found a moment later. */
const GATHER_MS = 200;
/** How often it is looked for what nobody has indexed: the process that committed it died. */
const LOOK_MS = 10_000;

/**
 * Keeps the index up with what this process commits, off the way of those who send, and with what others have left
 * behind. Of two processes that write to one room, one takes a piece into the index, and the other finds that it has.
 * It rests as long as it works.
 */
@Injectable()
export class Indexer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('Search');
  /** Rooms with news, and since when; without those whose news are being taken in. */
  private readonly rooms = new Map<string, number>();
  private underWay: readonly (readonly [string, number])[] = [];
  private readonly leave: (() => void)[] = [];
  private timer?: NodeJS.Timeout | undefined;
  private looking?: NodeJS.Timeout;
  private running?: Promise<void> | undefined;
  private stopping = false;
  private behind = false;
  private more = false;

  constructor(
    private readonly indexing: IndexingService,
    private readonly outbox: OutboxService,
  ) {}

  onApplicationBootstrap(): void {
    this.leave.push(
      this.outbox.onCommit((roomIds) => this.note(roomIds)),
      lagSeconds.watch({}, () => this.lagMs / 1000),
    );
    this.looking = setInterval(() => void this.look(), LOOK_MS);
    void this.look();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    this.leave.forEach((leave) => leave());
    clearInterval(this.looking);
    clearTimeout(this.timer);
    await this.running;
  }

  private get lagMs(): number {
    const since = [...this.rooms.values(), ...this.underWay.map(([, moment]) => moment)];
    return since.length > 0 ? performance.now() - Math.min(...since) : 0;
  }

  private note(roomIds: Iterable<string>): void {
    const now = performance.now();
    for (const id of roomIds) if (!this.rooms.has(id)) this.rooms.set(id, now);
    if (this.rooms.size > 0) this.wake();
  }

  private wake(): void {
    if (this.stopping || this.running || this.timer) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.running = this.work().finally(() => {
        this.running = undefined;
        if (this.rooms.size > 0) this.wake();
        else if (this.more) void this.look();
      });
    }, GATHER_MS);
  }

  private async look(): Promise<void> {
    try {
      const { rooms, more } = await this.indexing.behind();
      this.more = more;
      this.note(rooms);
    } catch (error) {
      this.log.debug(`cannot look for what is not indexed: ${String(error)}`);
    }
  }

  private async work(): Promise<void> {
    try {
      for (let left = true; left && !this.stopping;) left = await unhurried(() => this.piece());
      if (this.behind) this.log.log('searches find everything again');
      this.behind = false;
    } catch (error) {
      if (!this.behind) this.log.warn(`searches do not find what is new: ${String(error)}`);
      this.behind = true;
    }
  }

  /** @returns whether it is worth going on at once */
  private async piece(): Promise<boolean> {
    // what is committed from here on is noted anew: it may be too late for this piece
    this.underWay = [...this.rooms].slice(0, ROOMS_AT_ONCE);
    for (const [id] of this.underWay) this.rooms.delete(id);
    let left = this.underWay;
    try {
      const { done, messages } = await this.indexing.advance(left.map(([id]) => id));
      const isDone = new Set(done);
      left = left.filter(([id]) => !isDone.has(id));
      return messages > 0 && this.rooms.size + left.length > 0;
    } finally {
      for (const [id, since] of left) this.rooms.set(id, since);
      this.underWay = [];
    }
  }
}
