/** Who of a room is told to write, at once: nobody shows more names. */
const MOST_TOLD = 5;
/** Who else is known to write, and comes when one of those has stopped. */
const MOST_KNOWN = 50;
/** It ends by itself, this long after it was said the last time. */
const LASTS_MS = 6_000;
/** Whoever goes on is told again, for clients that forget by themselves too. */
const AGAIN_MS = 5_000;

export interface TypingChange {
  readonly userId: string;
  readonly on: boolean;
}

/**
 * Who writes in one room. What it costs to tell does not grow with their number: five at most are told, each when they
 * begin, when they stop, and now and then between. Times are in milliseconds, from wherever.
 */
export class TypingBoard {
  /** When each will have stopped, in the order in which they began. */
  private readonly ends = new Map<string, number>();
  /** When each was told the last time. */
  private readonly told = new Map<string, number>();

  /** Whether there is nobody of whom anything will be to tell. */
  get empty(): boolean {
    return this.ends.size === 0 && this.told.size === 0;
  }

  hear(userId: string, on: boolean, now: number): void {
    if (!on) this.ends.delete(userId);
    else if (this.ends.has(userId) || this.ends.size < MOST_KNOWN) this.ends.set(userId, now + LASTS_MS);
  }

  /** What is to be told by now; it counts as told. */
  changes(now: number): TypingChange[] {
    for (const [userId, end] of this.ends) if (end <= now) this.ends.delete(userId);
    const changes: TypingChange[] = [];
    for (const userId of this.told.keys()) {
      if (this.ends.has(userId)) continue;
      this.told.delete(userId);
      changes.push({ userId, on: false });
    }
    for (const userId of this.ends.keys()) {
      const toldAt = this.told.get(userId);
      const isDue = toldAt === undefined ? this.told.size < MOST_TOLD : now - toldAt >= AGAIN_MS;
      if (!isDue) continue;
      this.told.set(userId, now);
      changes.push({ userId, on: true });
    }
    return changes;
  }

  /** Those of whom it was told that they write. */
  get typists(): string[] {
    return [...this.told.keys()];
  }
}
