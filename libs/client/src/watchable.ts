/**
 * A value that can be looked at and watched. What `get` gives is immutable, and the same object until something
 * in it changes, so that it fits React's `useSyncExternalStore(value.subscribe, value.get)` as it is; both
 * functions may be passed on without their object.
 */
export interface Watchable<T> {
  readonly get: () => T;
  /**
   * Calls the listener soon after every change; several changes at once are told once.
   * @returns what ends it
   */
  readonly subscribe: (listener: () => void) => () => void;
}

/** The side of a {@link Watchable} that changes it: the value is made anew when it is asked for after a change. */
export class Source<T> implements Watchable<T> {
  private readonly listeners = new Set<() => void>();
  private value!: T;
  private stale = true;
  private telling = false;

  /**
   * @param watched called when the first listener comes, and again when one comes after the last has gone
   * @param unwatched called when the last listener has gone
   */
  constructor(
    private readonly make: () => T,
    private readonly watched?: () => void,
    private readonly unwatched?: () => void,
  ) {}

  get isWatched(): boolean {
    return this.listeners.size > 0;
  }

  readonly get = (): T => {
    if (this.stale) {
      this.stale = false;
      this.value = this.make();
    }
    return this.value;
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    // the same function may be subscribed twice, and be unsubscribed once
    const own = (): void => listener();
    this.listeners.add(own);
    if (this.listeners.size === 1) this.watched?.();
    return () => {
      if (this.listeners.delete(own) && this.listeners.size === 0) this.unwatched?.();
    };
  };

  changed(): void {
    this.stale = true;
    if (this.telling) return;
    this.telling = true;
    queueMicrotask(() => {
      this.telling = false;
      for (const listener of [...this.listeners]) tell(listener);
    });
  }
}

/** A listener that throws must not keep others from hearing; its error is reported like any uncaught one. */
export const tell = (listener: () => void): void => {
  try {
    listener();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
};
