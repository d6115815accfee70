import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isPublic, readJson } from './bounded-get';

it.each([
  ...[
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
  ],
  ...[
    '::1',
    '::',
    'fe80::1',
    'fd00::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '64:ff9b::7f00:1',
    'localhost',
    '',
  ],
])('%p is no public address', (address) => {
  expect(isPublic(address)).toBe(false);
});

it.each(['1.1.1.1', '172.32.0.1', '2606:4700::1111', '::ffff:1.1.1.1'])(
  '%p is a public address',
  (address) => {
    expect(isPublic(address)).toBe(true);
  },
);

describe('a bounded read', () => {
  const answers = async (
    listener: RequestListener,
    more: { publicOnly?: boolean; host?: string; ms?: number } = {},
  ): Promise<unknown> => {
    const server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const within = {
      signal: AbortSignal.timeout(more.ms ?? 5_000),
      maxBytes: 1_000,
      publicOnly: more.publicOnly ?? false,
    };
    try {
      return await readJson(`http://${more.host ?? '127.0.0.1'}:${port}/`, within);
    } catch (error) {
      return (error as Error).message;
    } finally {
      server.closeAllConnections();
      server.close();
    }
  };

  it('gives JSON', async () => {
    expect(await answers((_request, response) => response.end('{"keys":[]}'))).toEqual({ keys: [] });
  });

  it.each<[string, RequestListener, string]>([
    ['a redirect', (_q, r) => r.writeHead(302, { location: '/' }).end(), 'it answered 302'],
    ['too much', (_q, r) => r.end('x'.repeat(2_000)), 'it answered too much'],
    ['no JSON', (_q, r) => r.end('<html>'), 'it did not answer JSON'],
    [
      'half an answer',
      (_q, r) => r.writeHead(200, { 'content-length': '9' }).write('{', () => r.destroy()),
      'the answer broke off',
    ],
  ])('refuses %s', async (_what, listener, why) => {
    expect(await answers(listener)).toBe(why);
  });

  it('waits no longer than it may', async () => {
    expect(await answers(() => undefined, { ms: 50 })).toBe('it did not answer in time');
  });

  it('asks nobody in a network of its own where only the public is meant', async () => {
    let asked = false;
    const listener: RequestListener = (_request, response) => {
      asked = true;
      response.end('{}');
    };
    expect(await answers(listener, { publicOnly: true })).toBe('the address is not public, or not by HTTPS');
    expect(asked).toBe(false);
  });
});
