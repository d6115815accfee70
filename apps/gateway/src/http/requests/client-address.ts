import { clientAddress } from '@veche/rpc';
import type { IncomingMessage } from 'node:http';

/**
 * The address of the device that sent a request, for doors beside the HTTP server's own routes: the same as its
 * `request.ip`.
 * @param trustProxy what the nearest peer says it saw counts instead of that peer
 */
export const clientAddressOf = (
  { headers, socket }: IncomingMessage,
  trustProxy: boolean,
): string | undefined => {
  const forwarded = [headers['x-forwarded-for']].flat().join(',').split(',').at(-1)?.trim();
  const address = (trustProxy && forwarded) || socket.remoteAddress;
  return address && clientAddress(address);
};
