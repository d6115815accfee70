import { tell } from './watchable';

/** Tells things by name to whoever listens. */
export class Emitter<Events> {
  private readonly listeners = new Map<keyof Events, Set<(payload: never) => void>>();

  /** @returns what ends it */
  readonly on = <E extends keyof Events>(event: E, listener: (payload: Events[E]) => void): (() => void) => {
    const own = (payload: Events[E]): void => listener(payload);
    const listeners = this.listeners.get(event) ?? new Set();
    this.listeners.set(event, listeners.add(own));
    return () => void listeners.delete(own);
  };

  emit<E extends keyof Events>(event: E, payload: Events[E]): void {
    for (const listener of [...(this.listeners.get(event) ?? [])]) tell(() => listener(payload as never));
  }
}
