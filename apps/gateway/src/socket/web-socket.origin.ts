import type { IncomingMessage } from 'node:http';

/**
 * Whether a page may open a WebSocket, by what its browser says of it: one of ours, or of an origin that was allowed.
 * What is no browser says nothing, and is no danger to anybody who uses one.
 */
export const mayOpen = (
  { headers }: Pick<IncomingMessage, 'headers'>,
  allowed: readonly string[],
): boolean => {
  const { origin, host } = headers;
  if (origin === undefined || allowed.includes(origin)) return true;
  // a proxy may have changed the host, but cannot have said this
  if (headers['sec-fetch-site'] === 'same-origin') return true;
  return URL.canParse(origin) && new URL(origin).host === host;
};
