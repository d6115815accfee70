import { createServer } from 'node:net';

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
      .once('error', () => resolve(false))
      .listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

const given = new Set<number>();

/** Each of Jest's workers has ports of its own: between looking for one and listening on it, another could take it. */
const WORKERS = 16;
const worker = Number(process.env.JEST_WORKER_ID ?? 0) % WORKERS;

/**
 * A TCP port of the loopback interface that nobody listens on at this moment. From below the range that the
 * system takes the ports of outgoing connections from: one of a test's many sockets could have it by the time
 * a server binds it.
 */
export const freePort = async (): Promise<number> => {
  for (;;) {
    const port = 12_000 + Math.floor(Math.random() * 1_250) * WORKERS + worker;
    if (!given.has(port) && (await isFree(port))) {
      given.add(port);
      return port;
    }
  }
};
