import { asVecheError, type VecheError } from '../errors';
import { Source } from '../watchable';

/** What was fetched, and how that stands. */
export interface Fetched<T> {
  /** `empty` until somebody watches. */
  readonly status: 'empty' | 'loading' | 'ready' | 'failed';
  readonly items: readonly T[];
  readonly error?: VecheError;
}

interface Kind<State, News, T> {
  readonly empty: State;
  fetch(): Promise<State>;
  /** What follows from what has happened; the same state where nothing does. */
  after(state: State, news: readonly News[]): State;
  items(state: State): readonly T[];
  /** Whether something has happened that only fetching anew tells of. Left out: nothing ever does. */
  lacks?(state: State, news: News): boolean;
  watched?(): void;
  unwatched?(): void;
}

/**
 * A list of the server's that is fetched once somebody watches, and changed by what happens from then on. What happens
 * while it is being fetched may or may not be in it, so it is taken up once more after it.
 */
export class FetchedList<State, News, T> {
  readonly source: Source<Fetched<T>>;
  private status: Fetched<T>['status'] = 'empty';
  private state: State;
  private error?: VecheError;
  private meanwhile?: News[];
  private again = false;

  constructor(private readonly kind: Kind<State, News, T>) {
    this.state = kind.empty;
    this.source = new Source(
      () => ({ status: this.status, items: kind.items(this.state), error: this.error }),
      () => {
        kind.watched?.();
        void this.begin();
      },
      () => kind.unwatched?.(),
    );
  }

  /** What is known now. */
  get present(): State {
    return this.state;
  }

  /** Puts something else in its place, for who has more of it than is fetched. */
  change(state: State): void {
    this.state = state;
    this.source.changed();
  }

  take(news: News): void {
    if (this.status === 'empty') return;
    this.meanwhile?.push(news);
    const state = this.kind.after(this.state, [news]);
    if (state !== this.state) {
      this.state = state;
      this.source.changed();
    }
    if (this.kind.lacks?.(this.state, news)) void this.load();
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
    this.state = this.kind.empty;
    this.source.changed();
  }

  private async load(): Promise<void> {
    if (this.meanwhile) return void (this.again = true);
    if (this.status !== 'ready') this.status = 'loading';
    this.source.changed();
    const meanwhile: News[] = (this.meanwhile = []);
    try {
      const fetched = await this.kind.fetch();
      if ((this.status as Fetched<T>['status']) === 'empty') return;
      this.state = this.kind.after(fetched, meanwhile);
      this.status = 'ready';
      this.error = undefined;
      // what happened meanwhile may have come too late for what was fetched
      this.again ||= meanwhile.some((news) => this.kind.lacks?.(this.state, news));
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
