import { concat, filter, firstValueFrom, fromEvent, merge, of, takeUntil } from 'rxjs';
import type { Writable } from 'node:stream';

/**
 * How the consumer of a server stream keeps up. An Observable pushes, and what a slow consumer has not taken waits
 * in this process's memory: a handler with much to say looks here, and says no more while it is `full`.
 */
export interface Flow {
  /** Whether the consumer has still to take what it was given. */
  readonly full: boolean;
  /** Resolves once it has, or is gone. */
  drained(): Promise<void>;
}

/** A consumer in this process takes everything at once. */
export const FREE: Flow = { full: false, drained: () => Promise.resolve() };

/** @param stream of grpc-js: what Nest could not write to it yet waits until it drains */
export const flowOf = (stream: Writable): Flow => ({
  get full() {
    return stream.writableNeedDrain;
  },
  drained: async () => {
    const gone = merge(fromEvent(stream, 'cancelled'), fromEvent(stream, 'close'));
    // at each drain Nest, which listens longer, has written what waited: it may be full again
    const taken = concat(of(undefined), fromEvent(stream, 'drain')).pipe(
      filter(() => !stream.writableNeedDrain),
      takeUntil(gone),
    );
    await firstValueFrom(taken, { defaultValue: undefined });
  },
});
