import { lookup as resolve } from 'node:dns';
import { request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** How much of a stranger's answer is waited for. */
export interface Boundaries {
  readonly signal: AbortSignal;
  readonly maxBytes: number;
  /** Over HTTPS and to public addresses alone: the address was named by somebody else than the operator. */
  readonly publicOnly?: boolean;
}

const NOT_PUBLIC = new BlockList();
for (const [network, prefix] of [
  ...[
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
  ],
  ...[
    ['172.16.0.0', 12],
    ['192.0.0.0', 24],
    ['192.168.0.0', 16],
    ['198.18.0.0', 15],
    ['224.0.0.0', 3],
  ],
] as [string, number][])
  NOT_PUBLIC.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of [
  ...[
    ['::', 127],
    ['64:ff9b::', 96],
    ['2002::', 16],
    ['fc00::', 7],
    ['fe80::', 10],
    ['ff00::', 8],
  ],
] as [string, number][])
  NOT_PUBLIC.addSubnet(network, prefix, 'ipv6');

/** Whether an address is one of the whole internet, and not of this machine or a network of its own. */
export const isPublic = (address: string): boolean => {
  const family = isIP(address);
  // a BlockList looks through IPv4-mapped addresses
  return family !== 0 && !NOT_PUBLIC.check(address, family === 4 ? 'ipv4' : 'ipv6');
};

/** Refuses where a name leads, and not what it is: between a look and a connection it could lead elsewhere. */
const publicLookup: LookupFunction = (hostname, options, done) => {
  resolve(hostname, { ...options, all: true }, (error, found) => {
    if (error) return done(error, '', 0);
    const [first] = found;
    if (!first || !found.every(({ address }) => isPublic(address)))
      return done(new Error('the address is not public'), '', 0);
    if (options.all) (done as unknown as (error: null, all: typeof found) => void)(null, found);
    else done(null, first.address, first.family);
  });
};

/**
 * The JSON at an address: no redirects, as much as is allowed, and as long.
 * @throws Error in words without what was answered
 */
export const readJson = (
  address: string,
  { signal, maxBytes, publicOnly = false }: Boundaries,
): Promise<unknown> =>
  new Promise((resolved, rejected) => {
    const url = new URL(address);
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (publicOnly && (url.protocol !== 'https:' || (isIP(host) !== 0 && !isPublic(host))))
      return rejected(new Error('the address is not public, or not by HTTPS'));
    if (url.protocol !== 'https:' && url.protocol !== 'http:')
      return rejected(new Error('the address is not by HTTP'));
    const request = (url.protocol === 'https:' ? overHttps : overHttp)(url, {
      headers: { accept: 'application/json, application/jwk-set+json' },
      agent: false,
      signal,
      ...(publicOnly ? { lookup: publicLookup } : {}),
    });
    request.on('error', () =>
      rejected(new Error(signal.aborted ? 'it did not answer in time' : 'it is out of reach')),
    );
    request.on('response', (response) => {
      if (response.statusCode !== 200) {
        request.destroy();
        return rejected(new Error(`it answered ${response.statusCode}`));
      }
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > maxBytes) {
          rejected(new Error('it answered too much'));
          request.destroy();
        } else chunks.push(chunk);
      });
      response.on('error', () => rejected(new Error('the answer broke off')));
      response.on('close', () => rejected(new Error('the answer broke off')));
      response.on('end', () => {
        try {
          resolved(JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown);
        } catch {
          rejected(new Error('it did not answer JSON'));
        }
      });
    });
    request.end();
  });
