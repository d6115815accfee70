import { Places } from '@veche/limits';

/** Requests of a network, and of all, that may have begun without being whole. */
const REQUESTS = { each: 4_000, all: 20_000 };
/** Bytes that they may have sent meanwhile. */
const BYTES = { each: 4 * 1024 * 1024, all: 64 * 1024 * 1024 };
/** What a request may take until it is whole. */
const WHOLE_MS = 10_000;

/** A request that has begun. */
export interface Begun {
  /** So many bytes of it have come. */
  came(bytes: number): void;
  /** It is whole, or gone. */
  end(): void;
}

/**
 * Requests that have begun and are not whole. Whoever sends one has not said yet who they are, and it may hold as much
 * memory as the longest request for as long as they like.
 */
export class HalfSent {
  private readonly requests = new Places(REQUESTS);
  private readonly bytes = new Places(BYTES);

  /** @param refuse is called, at most once and perhaps at once, where too much is waited for, or for too long */
  begin(network: string, refuse: () => void): Begun {
    const held: ((() => void) | undefined)[] = [this.requests.take(network)];
    let isOver = false;
    const end = (): void => {
      isOver = true;
      clearTimeout(timer);
      for (const leave of held.splice(0)) leave?.();
    };
    const fail = (): void => {
      if (isOver) return;
      end();
      refuse();
    };
    // what has come while this process was busy is read first
    const timer = setTimeout(() => setImmediate(fail), WHOLE_MS).unref();
    if (!held[0]) fail();
    return {
      end,
      came: (bytes) => {
        if (isOver) return;
        const leave = this.bytes.take(network, bytes);
        held.push(leave);
        if (!leave) fail();
      },
    };
  }
}
