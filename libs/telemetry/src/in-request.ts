import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage } from 'node:http';

/** What each line of the log says of the request that it belongs to, as far as it is known. */
export interface RequestOfLine {
  readonly requestId: string;
  /** Of the device that asks. */
  readonly address?: string | undefined;
  /** The ids of who asks, and of their session. */
  user?: string | undefined;
  session?: string | undefined;
  /** The id of the trace that it is in. */
  trace?: string | undefined;
}

const requests = new AsyncLocalStorage<RequestOfLine>();

type Asker = Omit<RequestOfLine, 'requestId'>;
const askers = new WeakMap<IncomingMessage, Asker>();

/** The line that ends an HTTP request tells this of it, as soon as it is known. */
export const httpRequestIsOf = (request: IncomingMessage, asker: Asker): void => {
  askers.set(request, { ...askers.get(request), ...asker });
};

/** What is known of who sent an HTTP request. */
export const askerOf = (request: IncomingMessage): Asker | undefined => askers.get(request);

/** Runs work for a request, so that each line which is logged meanwhile tells of it. */
export const inRequest = <T>(request: RequestOfLine, work: () => T): T =>
  // a call within a request of this process is the same request, and who asks is found out there
  requests.getStore()?.requestId === request.requestId ? work() : requests.run(request, work);

/** From here on the lines of the request that this code runs for tell who asks. */
export const requestIsOf = (user: string, session: string): void => {
  const request = requests.getStore();
  if (request) Object.assign(request, { user, session });
};

/** From here on the lines of the request that this code runs for tell its trace. */
export const requestIsTraced = (trace: string): void => {
  const request = requests.getStore();
  if (request) request.trace = trace;
};

/** The request that this line of code runs for; undefined where it runs for none. */
export const requestOfNow = (): RequestOfLine | undefined => requests.getStore();
