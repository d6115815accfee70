import type { CallContext } from '@veche/rpc';
import type { Connection } from './connection';

/** One call of a client, as its handler sees it. */
export interface SocketCall {
  readonly connection: Connection;
  /** What to pass on to the services: it carries the caller's present token. */
  readonly context: CallContext;
}
