import type { Entry } from '../harness/wire';
import { printOf } from './diary';

/** What a client holds of each room: a log from its first entry on, in which the next one is the only one that fits. */
export class Holding {
  private readonly prints = new Map<string, string[]>();

  last(room: string): number {
    return this.prints.get(room)?.length ?? 0;
  }

  /** @returns whether it fits: false where entries before it are missing */
  take(entry: Entry): boolean {
    const log = this.prints.get(entry.roomId) ?? [];
    this.prints.set(entry.roomId, log);
    if (entry.seq > log.length + 1) return false;
    if (entry.seq === log.length + 1) log.push(printOf(entry));
    return true;
  }

  get views(): [room: string, prints: readonly string[]][] {
    return [...this.prints];
  }
}
