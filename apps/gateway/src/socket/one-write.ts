import type { Socket } from 'node:net';

/** How long one turn of the event loop may go on with writing before others come to their turn. */
const SLICE_MS = 4;

let held: Socket[] = [];

/**
 * Holds what is written to a socket until this turn of the event loop is over, and lets it leave in one write
 * then: a system call is most of what a small frame costs.
 * @returns whether the socket was not held yet
 */
export const inOneWrite = (socket: Socket): boolean => {
  if (socket.writableCorked > 0) return false;
  socket.cork();
  if (held.push(socket) === 1) setImmediate(release);
  return true;
};

const release = (): void => {
  const sockets = held;
  held = [];
  const until = performance.now() + SLICE_MS;
  for (const [i, socket] of sockets.entries()) {
    socket.uncork();
    // looked at now and then: the clock costs as much as a small write does
    if (i % 32 < 31 || performance.now() < until) continue;
    held = [...sockets.slice(i + 1), ...held];
    if (held.length > 0) setImmediate(release);
    return;
  }
};
