import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server } from 'socket.io';

/** Browsers follow twenty. With fifteen, one of five gateways is missed once in thirty times. */
const MOST_HOPS = 15;
/** The XMLHttpRequest of Socket.IO's client in Node repeats a redirected request without its body, and waits for ever. */
const LOSES_BODIES = 'node-XMLHttpRequest';
const HOPS = 'hops';

type Request = IncomingMessage & { _query?: Partial<Record<string, string>> };

/**
 * Polling is many requests, and each of them may reach another gateway than the one that knows its session. Such a
 * request is sent to its own address again, on a new connection, for the balancer to give it to another gateway; one
 * that nobody knows is refused after some rounds, and its client begins anew.
 */
export const sendOnWhoIsAstray = ({ engine }: Server): void => {
  const { clients } = engine as unknown as { clients: object };
  engine.use((request: Request, answer: ServerResponse, next: () => void) => {
    const { sid, transport, [HOPS]: given = '0' } = request._query ?? {};
    const hops = /^\d{1,2}$/.test(given) ? Number(given) : MOST_HOPS;
    const isAstray = sid !== undefined && transport === 'polling' && !Object.hasOwn(clients, sid);
    if (!isAstray || hops >= MOST_HOPS || request.headers['user-agent'] === LOSES_BODIES) return next();
    const address = new URL(request.url ?? '', 'http://nowhere');
    address.searchParams.set(HOPS, String(hops + 1));
    // nothing of the address but its path and query is known behind a balancer
    answer
      .writeHead(307, {
        location: address.pathname + address.search,
        connection: 'close',
        'cache-control': 'no-store',
        'content-length': 0,
      })
      .end();
  });
};
