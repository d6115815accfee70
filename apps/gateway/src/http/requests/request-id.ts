import type { IncomingMessage } from 'node:http';
import { v7 as uuid } from 'uuid';

export const REQUEST_ID_HEADER = 'x-request-id';

/** The caller's own id, if it looks like one: it goes into our logs. */
export const requestIdOf = (request: Pick<IncomingMessage, 'headers'>): string => {
  const given = request.headers[REQUEST_ID_HEADER];
  return typeof given === 'string' && /^[\w-]{1,64}$/.test(given) ? given : uuid();
};
