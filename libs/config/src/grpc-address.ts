import { isIPv4, isIPv6 } from 'node:net';

const NAME = /^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_.])?$/i;

interface HostAndPort {
  readonly host: string;
  readonly kind: 'ipv4' | 'ipv6' | 'name';
}

const hostAndPortOf = (text: string): HostAndPort | undefined => {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^\s:,[\]/]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || Number(port) > 65_535) return undefined;
  if (bracketed !== undefined) return isIPv6(host) ? { host, kind: 'ipv6' } : undefined;
  if (isIPv4(host)) return { host, kind: 'ipv4' };
  // digits and dots that are no address would be looked up as a name, and not be found
  return NAME.test(host) && !/^[\d.]+$/.test(host) ? { host, kind: 'name' } : undefined;
};

const UNIX = /^unix:(\/\/)?[^\s,]+$/;

/** Whether a server can listen there: an address or name with a port, or a socket in the file system. */
export const isListenable = (text: string): boolean => UNIX.test(text) || hostAndPortOf(text) !== undefined;

/**
 * What to give to gRPC for finding a service (https://github.com/grpc/grpc/blob/master/doc/naming.md): `unix:/path`, a
 * name with a port (every address that it resolves to is used in turn), or one or several addresses with their ports,
 * which gRPC takes of one family only. `dns:`, `ipv4:` and `ipv6:` before them are taken as well.
 * @returns undefined where it is none of these
 */
export const grpcTargetOf = (text: string): string | undefined => {
  if (UNIX.test(text)) return text;
  const [, scheme, rest = ''] = /^(?:(dns|ipv4|ipv6):)?(?:\/\/\/)?(.+)$/.exec(text) ?? [];
  const parts = rest.split(',').map((part) => part.trim());
  const kinds = new Set(parts.map((part) => hostAndPortOf(part)?.kind));
  const [kind] = kinds;
  if (kind === undefined || kinds.size > 1) return undefined;
  if (kind === 'name' && parts.length > 1) return undefined;
  if (scheme !== undefined && scheme !== (kind === 'name' ? 'dns' : kind)) return undefined;
  return kind === 'name' ? `dns:///${rest}` : `${kind}:${parts.join(',')}`;
};
