import { type Entry, isInRoom } from '@veche/protocol';
import { asVecheError, type VecheError } from '../errors';
import type { PendingMessage } from '../outgoing/outbox';
import { Source } from '../watchable';
import { changesOthers, foldShown, makesStale } from './fold';

/** A part of a room's log as it is now, without gaps. */
export interface Timeline {
  /**
   * `empty` until somebody watches it, `loading` for the first page or another place, `failed` where that did not
   * work (see `error`; {@link Room.loadOlder} and {@link Room.loadNewer} try again, and so does a new connection).
   */
  readonly status: 'empty' | 'loading' | 'ready' | 'failed';
  /**
   * Oldest first, each number following the one before. Replies that are in a thread alone are among them: `isInRoom` tells
   * them from what the room shows.
   */
  readonly entries: readonly Entry[];
  /** What you have sent and the entries above do not show yet, in its order; it belongs below them. */
  readonly pending: readonly PendingMessage[];
  /** Whether the entries begin with the first of the room. */
  readonly reachedStart: boolean;
  /** Whether the entries end with the newest of the room, and so grow with it. */
  readonly reachedEnd: boolean;
  readonly loadingOlder: boolean;
  readonly loadingNewer: boolean;
  /** Why the last thing that was to be loaded was not. */
  readonly error?: VecheError;
}

/** A page has at least as many messages, if there are so many: other entries show little. */
const PAGE_MESSAGES = 30;
const PAGE_ENTRIES = 50;
/** Pages that one call may fetch in search of messages. */
const MAX_PAGES = 10;
/** What a timeline that nobody watches keeps. */
const KEPT_ENTRIES = 200;
/** The most that is fetched again to be sure of what is shown. */
const MAX_REFRESHED = 1000;

export interface TimelineOptions {
  /** @throws VecheError */
  readonly fetch: (after: number, limit: number) => Promise<{ items: Entry[]; lastSeq: number }>;
  /** Entries that were fetched and may be news. */
  readonly found: (entries: readonly Entry[]) => void;
  /** The last number that is known of the room; undefined while nothing is. */
  readonly head: () => number | undefined;
  readonly pending: () => readonly PendingMessage[];
  /** The user's id. */
  readonly me: () => string;
}

/**
 * The window on a room's log that somebody looks at. It follows the log's end as long as it reaches it; elsewhere it
 * stands still until it is moved.
 */
export class TimelineWindow {
  readonly source: Source<Timeline>;
  private status: Timeline['status'] = 'empty';
  private entries: readonly Entry[] = [];
  private reachedEnd = false;
  private loadingOlder = false;
  private loadingNewer = false;
  private error?: VecheError;
  /** What was added to the log while something is being fetched. */
  private arrived: Entry[] = [];
  private work: Promise<unknown> = Promise.resolve();
  /** Somebody has asked for a place, and what was asked before is of no use. */
  private place = 0;
  private fetchPlace?: () => Promise<Entry[]>;

  constructor(private readonly options: TimelineOptions) {
    this.source = new Source(
      () => this.snapshot(),
      () => void this.begin(),
    );
  }

  /** The next entry of the log. */
  append(entry: Entry): void {
    if (this.status === 'empty') return;
    this.arrived.push(entry);
    if (changesOthers(entry)) {
      const me = this.options.me();
      this.entries = this.entries.map((shown) => foldShown(shown, entry, me));
      this.source.changed();
    }
    if (this.entries.some((shown) => makesStale(shown, entry))) void this.refresh();
    // a page may have brought it before the log did
    if (!this.reachedEnd || entry.seq !== (this.entries.at(-1)?.seq ?? 0) + 1) return;
    this.entries = [...this.entries, entry];
    if (!this.source.isWatched && this.entries.length > 2 * KEPT_ENTRIES)
      this.entries = this.entries.slice(-KEPT_ENTRIES);
    this.source.changed();
  }

  /** Fetches for whoever watches what could not be had before, or the newest page where nothing was asked for. */
  async begin(): Promise<void> {
    if (this.status === 'ready' && this.error) {
      // who watches asks again for what they are near to
      this.error = undefined;
      this.source.changed();
    }
    if (!this.source.isWatched || this.options.head() === undefined) return;
    if (this.status === 'failed') await this.again();
    else if (this.status === 'empty') await this.loadLatest();
  }

  loadLatest(): Promise<void> {
    return this.loadPlace(async () => {
      const head = this.options.head() ?? 0;
      const { items } = await this.options.fetch(Math.max(0, head - PAGE_ENTRIES), MAX_REFRESHED);
      return this.withMoreBefore(items);
    });
  }

  loadAround(seq: number): Promise<void> {
    return this.loadPlace(async () => {
      // beyond the end is nothing, which would look like a room in which nothing was ever said
      const near = Math.min(seq, this.options.head() ?? seq);
      const after = Math.max(0, Math.trunc(near) - 1 - PAGE_ENTRIES / 2);
      return (await this.options.fetch(after, PAGE_ENTRIES)).items;
    });
  }

  /** What is shown may have been changed by entries that were never seen: fetches it again. */
  refresh(): Promise<void> {
    const [first] = this.entries;
    const last = this.entries.at(-1);
    if (this.status === 'empty') return Promise.resolve();
    if (this.reachedEnd || !first || !last || last.seq > (this.options.head() ?? 0)) return this.loadLatest();
    return this.loadPlace(
      async () =>
        (await this.options.fetch(first.seq - 1, Math.min(last.seq - first.seq + 1, MAX_REFRESHED))).items,
    );
  }

  loadOlder(): Promise<void> {
    if (this.status === 'failed') return this.again();
    if (this.loadingOlder || this.status !== 'ready' || this.reachedStart) return Promise.resolve();
    this.loadingOlder = true;
    this.source.changed();
    return this.inTurn(async (valid) => {
      try {
        const older = await this.before(this.entries[0]?.seq ?? 1);
        if (valid()) this.entries = [...this.asOfNow(older), ...this.entries];
        this.error = undefined;
      } catch (error) {
        this.error = asVecheError(error);
      } finally {
        this.loadingOlder = false;
      }
    });
  }

  loadNewer(): Promise<void> {
    if (this.status === 'failed') return this.again();
    if (this.loadingNewer || this.status !== 'ready' || this.reachedEnd) return Promise.resolve();
    this.loadingNewer = true;
    this.source.changed();
    return this.inTurn(async (valid) => {
      this.arrived = [];
      try {
        const { items } = await this.options.fetch(this.entries.at(-1)?.seq ?? 0, PAGE_ENTRIES);
        this.options.found(items);
        if (valid()) this.settle([...this.entries, ...items]);
        this.error = undefined;
      } catch (error) {
        this.error = asVecheError(error);
      } finally {
        this.loadingNewer = false;
      }
    });
  }

  /** Forgets everything, as for a room that is not one's own any more. */
  clear(): void {
    this.place++;
    this.status = 'empty';
    this.entries = [];
    this.reachedEnd = false;
    this.error = undefined;
    this.source.changed();
  }

  /** Counts entries after a number; undefined where the window does not show all of them. */
  countAfter(seq: number, counts: (entry: Entry) => boolean): number | undefined {
    const [first] = this.entries;
    if (!this.reachedEnd || !first || first.seq > seq + 1) return undefined;
    return this.entries.filter((entry) => entry.seq > seq && counts(entry)).length;
  }

  private get reachedStart(): boolean {
    return this.status === 'ready' && (this.entries[0]?.seq ?? 1) === 1;
  }

  /** Tries once more to get to the place that was asked for last. */
  private again(): Promise<void> {
    return this.fetchPlace ? this.loadPlace(this.fetchPlace) : this.loadLatest();
  }

  private loadPlace(fetch: () => Promise<Entry[]>): Promise<void> {
    this.fetchPlace = fetch;
    const place = ++this.place;
    this.status = 'loading';
    this.source.changed();
    return this.inTurn(async () => {
      if (place !== this.place) return;
      this.arrived = [];
      try {
        const entries = await fetch();
        if (place !== this.place) return;
        this.options.found(entries);
        this.settle(entries);
        this.status = 'ready';
        this.error = undefined;
      } catch (error) {
        if (place !== this.place) return;
        this.status = 'failed';
        this.error = asVecheError(error);
      }
    });
  }

  /** Takes what was fetched, and what was added to the log meanwhile. */
  private settle(entries: readonly Entry[]): void {
    const all = [...entries];
    for (const entry of this.arrived) if (entry.seq === (all.at(-1)?.seq ?? 0) + 1) all.push(entry);
    this.entries = this.asOfNow(all);
    this.reachedEnd = (all.at(-1)?.seq ?? 0) >= (this.options.head() ?? 0);
  }

  /** What was fetched may be older than what was added to the log meanwhile. */
  private asOfNow(entries: readonly Entry[]): readonly Entry[] {
    const me = this.options.me();
    return this.arrived
      .filter(changesOthers)
      .reduce((shown, change) => shown.map((entry) => foldShown(entry, change, me)), entries);
  }

  private async withMoreBefore(entries: Entry[]): Promise<Entry[]> {
    const first = entries[0]?.seq ?? 1;
    return messagesIn(entries) >= PAGE_MESSAGES
      ? entries
      : [...(await this.before(first, entries)), ...entries];
  }

  /** What comes before a number. @param have counts as found already */
  private async before(seq: number, have: readonly Entry[] = []): Promise<Entry[]> {
    let found: Entry[] = [];
    for (let first = seq, pages = 0; first > 1 && pages < MAX_PAGES; pages++) {
      const after = Math.max(0, first - 1 - PAGE_ENTRIES);
      const { items } = await this.options.fetch(after, first - 1 - after);
      found = [...items, ...found];
      first = after + 1;
      if (messagesIn(found) + messagesIn(have) >= PAGE_MESSAGES) break;
    }
    return found;
  }

  /** One after the other: two fetches of the same page would show it twice. */
  private inTurn(work: (valid: () => boolean) => Promise<void>): Promise<void> {
    const place = this.place;
    const turn = this.work.then(() => work(() => place === this.place)).finally(() => this.source.changed());
    this.work = turn;
    return turn;
  }

  private snapshot(): Timeline {
    const { status, entries, reachedStart, reachedEnd, loadingOlder, loadingNewer, error } = this;
    const pending = this.options.pending();
    return { status, entries, pending, reachedStart, reachedEnd, loadingOlder, loadingNewer, error };
  }
}

const messagesIn = (entries: readonly Entry[]): number =>
  entries.filter((entry) => entry.type === 'message.created' && isInRoom(entry)).length;
