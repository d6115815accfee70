import { AsyncLocalStorage } from 'node:async_hooks';

const zone = new AsyncLocalStorage<string>();

/**
 * Runs work in which a call to another service is a bug: an open transaction would hold its locks for as long
 * as the other side takes.
 */
export const refuseCalls = <T>(why: string, work: () => T): T => zone.run(why, work);

export const assertCallAllowed = (path: string): void => {
  const why = zone.getStore();
  if (why !== undefined) throw new Error(`${path} was called inside ${why}`);
};
