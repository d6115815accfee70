import { AppError, ERRORS } from '@veche/errors';
import { setTimeout } from 'node:timers/promises';
import { backoffMs } from './backoff.rules';
import { gapEntries, gapReads } from './feed.metrics';

/** A part of a log: its entries after some number, oldest first, and the number of the log's newest entry. */
export interface LogPage<E> {
  readonly entries: readonly E[];
  readonly lastSeq: number;
}

export interface RoomFeedOptions<E> {
  /** The last number that is not wanted: what follows it is emitted. */
  readonly after: number;
  /** Reads the log. Asked again, later and later, for as long as it fails. */
  fetch(after: number, limit: number): Promise<LogPage<E>>;
  /** Gets each entry once, in order. Must not throw, and must not call the feed back, except to close it. */
  emit(entry: E): void;
  /** The log will not be read to us, whatever we try (the room is gone): the feed is closed. */
  refused(error: AppError): void;
  /** For tests: how waiting is done. */
  readonly pause?: (ms: number) => Promise<unknown>;
}

/** Entries that a page may have; a thousand is what the log gives at most. */
const PAGE = 500;
/** Entries that may wait for one before them. More are dropped here and read from the log. */
const MAX_HELD = 256;
/** How long a missing entry may be on its way before it is read: replicas overtake each other by less. */
const PATIENCE_MS = 15;

const pauseFor = (ms: number): Promise<unknown> => setTimeout(ms, undefined, { ref: false });

/**
 * Turns what is heard of a room's log, which may be lost, repeated and reordered on its way, into the log: each
 * entry once, in order of `seq`, without gaps. What is missing is fetched, one page at a time.
 *
 * A loss at the end of the log shows only with the next entry, or when {@link notice} or {@link refresh} is
 * called: whoever runs a feed calls one of them when the stream it hears may have been interrupted.
 */
export class RoomFeed<E extends { readonly seq: number }> {
  private readonly held = new Map<number, E>();
  private readonly pause: (ms: number) => Promise<unknown>;
  private emitted: number;
  /** The highest number known to exist. */
  private known: number;
  private unsure = false;
  private filling = false;
  private closed = false;

  constructor(private readonly options: RoomFeedOptions<E>) {
    this.emitted = this.known = options.after;
    this.pause = options.pause ?? pauseFor;
  }

  /** The number of the newest entry that was emitted. */
  get cursor(): number {
    return this.emitted;
  }

  /** Takes an entry as it was heard. */
  receive(entry: E): void {
    if (this.closed || entry.seq <= this.emitted) return;
    if (entry.seq === this.emitted + 1) return this.advance(entry);
    if (this.held.size < MAX_HELD) this.held.set(entry.seq, entry);
    this.notice(entry.seq);
  }

  /** Tells the number of the log's newest entry, as somebody saw it; what is missing up to there is fetched. */
  notice(lastSeq: number): void {
    this.known = Math.max(this.known, lastSeq);
    if (this.known > this.emitted) this.fill();
  }

  /** Looks whether the log has more than was heard of. */
  refresh(): void {
    this.unsure = true;
    this.fill();
  }

  close(): void {
    this.closed = true;
    this.held.clear();
  }

  private advance(entry: E): void {
    for (let next: E | undefined = entry; next && !this.closed; next = this.held.get(this.emitted + 1)) {
      this.held.delete(next.seq);
      this.emitted = next.seq;
      this.options.emit(next);
    }
  }

  private fill(): void {
    if (this.filling || this.closed) return;
    this.filling = true;
    void this.fillGaps();
  }

  private async fillGaps(): Promise<void> {
    let failures = 0;
    await this.pause(PATIENCE_MS);
    while (!this.closed && (this.unsure || this.emitted < this.known)) {
      const before = this.emitted;
      try {
        await this.fetchPage();
        failures = this.emitted > before || this.emitted >= this.known ? 0 : failures + 1;
      } catch (error) {
        gapReads.inc({ result: 'failed' });
        // a refusal stays one; that something is broken passes
        if (error instanceof AppError && ERRORS[error.code].http < 500) this.refuse(error);
        this.unsure = true;
        failures++;
      }
      if (failures > 0 && !this.closed) await this.pause(backoffMs(failures));
    }
    // in one breath with the condition above: a notice after it must start anew
    this.filling = false;
  }

  private async fetchPage(): Promise<void> {
    // before the read: a refresh that is asked for while it runs may need a later one
    this.unsure = false;
    const nextHeld = Math.min(...this.held.keys());
    const limit = Math.min(PAGE, nextHeld - this.emitted - 1);
    const { entries, lastSeq } = await this.options.fetch(this.emitted, limit);
    gapReads.inc({ result: 'ok' });
    gapEntries.inc(entries.length);
    this.known = Math.max(this.known, lastSeq);
    for (const entry of entries) this.receive(entry);
  }

  private refuse(error: AppError): void {
    if (this.closed) return;
    this.close();
    this.options.refused(error);
  }
}
