import { AsyncLocalStorage } from 'node:async_hooks';

const requests = new AsyncLocalStorage<string>();

/** Runs work for a request, so that each line which is logged meanwhile carries the request's id. */
export const inRequest = <T>(requestId: string, work: () => T): T => requests.run(requestId, work);

/** The id of the request that this line of code runs for; undefined where it runs for none. */
export const requestIdOfNow = (): string | undefined => requests.getStore();
