import type { IncomingMessage } from 'node:http';
import { clientAddressOf } from './client-address';

const request = (forwarded?: string | string[], remoteAddress?: string): IncomingMessage =>
  ({ headers: { 'x-forwarded-for': forwarded }, socket: { remoteAddress } }) as unknown as IncomingMessage;

describe('the address of who sent a request', () => {
  test('is that of the peer, IPv4 as such', () => {
    expect(clientAddressOf(request(undefined, '::ffff:192.0.2.7'), false)).toBe('192.0.2.7');
    expect(clientAddressOf(request(undefined, '2001:db8::1'), true)).toBe('2001:db8::1');
  });

  test('is what a proxy saw only where the proxy is trusted, and not what stood before that', () => {
    const forged = request('198.51.100.1, 203.0.113.9', '127.0.0.1');
    expect(clientAddressOf(forged, true)).toBe('203.0.113.9');
    expect(clientAddressOf(forged, false)).toBe('127.0.0.1');
  });

  test('is none for a socket in the file system', () => {
    expect(clientAddressOf(request(), false)).toBeUndefined();
  });
});
