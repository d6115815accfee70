import { Logger } from '@nestjs/common';
import type { Membership } from '@veche/contracts';
import { AppError, ERRORS } from '@veche/errors';
import { backoffMs } from '@veche/feed';
import { setTimeout as pause } from 'node:timers/promises';

/** What is asked for at once. */
const BATCH = 200;

/** After everybody was read, so many times as long as that took nobody is because something may have been missed. */
const REST = 9;

/** Of a user who could not be read so far. */
interface Trouble {
  /** How many may be read at once, this user among them. */
  readonly batch: number;
  readonly failures: number;
}

/** Whether it is the service that does not answer, whoever is asked about. */
const isAway = (error: unknown): boolean => error instanceof AppError && ERRORS[error.code].http === 503;

/** What happened while a snapshot was being read, and may or may not be in it. */
export class Meanwhile {
  /** Rooms that nobody here was a member of, and the highest number that was heard of each. */
  readonly heard = new Map<string, number>();
  readonly deletedRooms = new Set<string>();
  /** Users whose rooms have changed. */
  readonly changed = new Set<string>();
  /** Rooms in which other messages call people than the snapshot may know. */
  readonly recounted = new Set<string>();
}

export interface MembershipSnapshotsOptions {
  /** The rooms of these users, as committed now. */
  list(userIds: string[]): Promise<readonly Membership[]>;
  /** Whether anybody waits for this user's rooms. */
  isHere(userId: string): boolean;
  /** Those whose rooms anybody waits for. */
  everybody(): Iterable<string>;
  /** Takes a user's rooms. Nothing else happens between the last thing in `meanwhile` and this call. */
  apply(userId: string, memberships: readonly Membership[], meanwhile: Meanwhile): void;
}

/**
 * Reads which rooms users belong to, in batches: one at a time, and the next is whoever asked meanwhile, so that
 * ten thousand who reconnect at once are fifty reads.
 *
 * A batch that cannot be read is halved, down to the user whose rooms are too many, who alone waits.
 *
 * A snapshot is applied only while it is true: a user for whom something changed while it was read is read again.
 */
export class MembershipSnapshots {
  private readonly log = new Logger('Sockets');
  private readonly waiting = new Set<string>();
  private readonly troubles = new Map<string, Trouble>();
  /** Users who could not be read by themselves either, until they are tried again. */
  private readonly aside = new Set<string>();
  /** Users who are read once more because of a count: not more often, or who talks all the time would keep them out. */
  private readonly countedAgain = new Set<string>();
  private running: Promise<void> | undefined;
  /** Milliseconds that were spent with reading. */
  private spent = 0;
  private isAllDue = false;
  private readingAll = false;
  private closed = false;
  private meanwhile = new Meanwhile();

  constructor(private readonly options: MembershipSnapshotsOptions) {}

  request(userIds: Iterable<string>): void {
    for (const id of userIds) if (!this.aside.has(id)) this.waiting.add(id);
    if (this.waiting.size === 0 || this.running || this.closed) return;
    this.running = this.run();
  }

  /**
   * Reads everybody's rooms: what was missed of them is not known. For as long as chat has no bus it says so every two
   * seconds, and then it is a tenth of the time that is spent with it.
   */
  requestAll(): void {
    this.isAllDue = true;
    if (!this.readingAll) void this.readAll();
  }

  private async readAll(): Promise<void> {
    this.readingAll = true;
    while (this.isAllDue && !this.closed) {
      this.isAllDue = false;
      const before = this.spent;
      this.request(this.options.everybody());
      await this.running;
      await pause(REST * (this.spent - before), undefined, { ref: false });
    }
    this.readingAll = false;
  }

  /** Something about this user's rooms is newer than a snapshot that is being read. */
  noteChange(userId: string): void {
    if (this.running) this.meanwhile.changed.add(userId);
  }

  /** Who is called in this room, and by how much, is newer than a snapshot that is being read. */
  noteCount(roomId: string): void {
    if (this.running) this.meanwhile.recounted.add(roomId);
  }

  /** An entry was heard of a room that nobody here is a member of. */
  noteEntry(roomId: string, seq: number): void {
    const { heard } = this.meanwhile;
    if (this.running && seq > (heard.get(roomId) ?? 0)) heard.set(roomId, seq);
  }

  noteDeletedRoom(roomId: string): void {
    if (this.running) this.meanwhile.deletedRooms.add(roomId);
  }

  close(): void {
    this.closed = true;
  }

  private async run(): Promise<void> {
    let failures = 0;
    while (this.waiting.size > 0 && !this.closed) {
      const batch = this.next();
      for (const id of batch) this.waiting.delete(id);
      this.meanwhile = new Meanwhile();
      try {
        const began = performance.now();
        const memberships = await this.options.list(batch).finally(() => {
          this.spent += performance.now() - began;
        });
        this.apply(batch, memberships);
        for (const id of batch) this.troubles.delete(id);
        failures = 0;
      } catch (error) {
        this.log.warn({ err: error, users: batch.length }, 'cannot read memberships, trying again');
        if (isAway(error)) {
          for (const id of batch) this.waiting.add(id);
          await pause(backoffMs(++failures), undefined, { ref: false });
        } else this.part(batch);
      }
    }
    this.running = undefined;
  }

  /** Whoever has waited longest, and others with whom they may be read. */
  private next(): string[] {
    const [first = ''] = this.waiting;
    const size = this.batchOf(first);
    return [...this.waiting].filter((id) => this.batchOf(id) === size).slice(0, size);
  }

  private batchOf(userId: string): number {
    return this.troubles.get(userId)?.batch ?? BATCH;
  }

  /** Of a batch that failed, each half is read by itself. */
  private part(users: readonly string[]): void {
    const batch = Math.ceil(users.length / 2);
    for (const id of users) {
      const failures = (this.troubles.get(id)?.failures ?? 0) + 1;
      this.troubles.delete(id);
      if (!this.options.isHere(id)) continue;
      this.troubles.set(id, { batch, failures });
      if (users.length > 1) this.waiting.add(id);
      else this.setAside(id, backoffMs(failures));
    }
  }

  private setAside(userId: string, ms: number): void {
    this.aside.add(userId);
    this.waiting.delete(userId);
    const again = (): void => {
      this.aside.delete(userId);
      this.request([userId]);
    };
    setTimeout(again, ms).unref();
  }

  private apply(batch: readonly string[], memberships: readonly Membership[]): void {
    if (this.closed) return;
    const byUser = new Map(batch.map((id) => [id, [] as Membership[]]));
    for (const membership of memberships) byUser.get(membership.userId)?.push(membership);
    for (const [id, own] of byUser) {
      if (this.meanwhile.changed.has(id) || this.isMiscounted(id, own)) this.waiting.add(id);
      else this.options.apply(id, own, this.meanwhile);
    }
  }

  private isMiscounted(userId: string, own: readonly Membership[]): boolean {
    const { recounted } = this.meanwhile;
    if (this.countedAgain.delete(userId) || !own.some(({ roomId }) => recounted.has(roomId))) return false;
    this.countedAgain.add(userId);
    return true;
  }
}
