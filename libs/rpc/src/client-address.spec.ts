import { addressOfPeer, clientAddress } from './client-address';

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['::FFFF:192.0.2.1', '192.0.2.1'],
  ['0:0:0:0:0:ffff:c000:0201', '192.0.2.1'],
  ['::1', '::1'],
  ['2001:DB8:0:0::1', '2001:db8::1'],
  ['fe80::1%eth0', 'fe80::1%eth0'],
  ['unknown', 'unknown'],
  ['', ''],
  ['::ffff:999.0.2.1', '::ffff:999.0.2.1'],
  ['1:2', '1:2'],
])('the address %s is %s to people', (given, shown) => {
  expect(clientAddress(given)).toBe(shown);
});

test.each([
  ['192.0.2.1:50000', '192.0.2.1'],
  ['::ffff:192.0.2.1:50000', '192.0.2.1'],
  ['2001:db8::1:50000', '2001:db8::1'],
  ['unknown', undefined],
])('the peer %s of gRPC has the address %s', (peer, address) => {
  expect(addressOfPeer(peer)).toBe(address);
});
