import ipaddr from 'ipaddr.js';
import { isIPv6 } from 'node:net';

/**
 * The address of a device in the one way of writing it, wherever it is shown, kept or counted: an IPv4 address that
 * came over a socket of IPv6 (`::ffff:192.0.2.1`; RFC 4291, 2.5.5.2) is what it is, an IPv6 address is as RFC 5952
 * has it. What is no address, as a proxy may say, stays.
 */
export const clientAddress = (address: string): string =>
  isIPv6(address) ? ipaddr.process(address).toString() : address;

/**
 * The address of who is at the other end of a connection.
 * @param peer as grpc-js says it, with the port
 * @returns undefined for a socket in the file system
 */
export const addressOfPeer = (peer: string): string | undefined =>
  peer === 'unknown' ? undefined : clientAddress(peer.replace(/:\d+$/, ''));
