import type { Entry, MessageCreated } from '@veche/protocol';
import { asVecheError, type VecheError } from '../errors';
import { Source } from '../watchable';
import { foldShown } from './fold';

/** The pinned messages of a room. */
export interface Pins {
  /** `empty` until somebody watches. */
  readonly status: 'empty' | 'loading' | 'ready' | 'failed';
  /** The one that was pinned last first. */
  readonly items: readonly MessageCreated[];
  readonly error?: VecheError;
}

/**
 * Keeps the pinned messages of a room: fetched once somebody watches, and changed by the log from then on. A message that
 * is pinned is fetched with the others, since nobody may have read it yet.
 */
export class PinList {
  readonly source: Source<Pins>;
  private status: Pins['status'] = 'empty';
  private items: readonly MessageCreated[] = [];
  private error?: VecheError;
  /** What happened while the list is being fetched, and may or may not be in it. */
  private meanwhile?: Entry[];
  private again = false;

  constructor(
    private readonly fetch: () => Promise<readonly MessageCreated[]>,
    private readonly me: () => string,
  ) {
    this.source = new Source(
      () => ({ status: this.status, items: this.items, error: this.error }),
      () => void this.begin(),
    );
  }

  append(entry: Entry): void {
    if (this.status === 'empty') return;
    this.meanwhile?.push(entry);
    const items = this.after(this.items, entry);
    if (items !== this.items) {
      this.items = items;
      this.source.changed();
    }
    if (entry.type === 'message.pinned' && !this.isHere(entry.target)) void this.load();
  }

  /** Fetches for whoever watches, unless the list is there already. */
  begin(): Promise<void> {
    const idle = this.status === 'empty' || this.status === 'failed';
    return idle && this.source.isWatched ? this.load() : Promise.resolve();
  }

  /** Something may have been missed. */
  refresh(): Promise<void> {
    return this.status === 'empty' ? Promise.resolve() : this.load();
  }

  clear(): void {
    this.status = 'empty';
    this.items = [];
    this.source.changed();
  }

  private isHere(seq: number): boolean {
    return this.items.some((message) => message.seq === seq);
  }

  private after(items: readonly MessageCreated[], entry: Entry): readonly MessageCreated[] {
    const next = items.map((message) => foldShown(message, entry, this.me()));
    if (next.every((message, i) => message === items[i])) return items;
    return next.filter(({ pinnedAt }) => pinnedAt !== undefined);
  }

  private async load(): Promise<void> {
    if (this.meanwhile) return void (this.again = true);
    if (this.status !== 'ready') this.status = 'loading';
    this.source.changed();
    const meanwhile: Entry[] = (this.meanwhile = []);
    try {
      const fetched = await this.fetch();
      if ((this.status as Pins['status']) === 'empty') return;
      this.items = meanwhile.reduce((items, entry) => this.after(items, entry), fetched);
      this.status = 'ready';
      this.error = undefined;
      // what was pinned meanwhile may have come too late for the page
      this.again ||= meanwhile.some((entry) => entry.type === 'message.pinned' && !this.isHere(entry.target));
    } catch (error) {
      this.status = 'failed';
      this.error = asVecheError(error);
    } finally {
      this.meanwhile = undefined;
      this.source.changed();
    }
    if (this.again) {
      this.again = false;
      await this.load();
    }
  }
}
