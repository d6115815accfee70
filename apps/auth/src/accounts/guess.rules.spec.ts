import fc from 'fast-check';
import { pursesOf } from './guess.rules';

const familiar = { networks: new Set(['192.0.2.1']), devices: new Set(['key']) };
const at = (network: string, device?: string, account = 'olga') =>
  pursesOf({ account, network, device }, familiar, 60).map(({ key }) => key);

test('nothing that anybody does elsewhere takes a try of the owner at home, or with their device', () => {
  const [home, phone] = [at('192.0.2.1'), at('198.51.100.9', 'key')];
  fc.assert(
    fc.property(fc.ipV4(), fc.option(fc.string(), { nil: undefined }), (network, device) => {
      fc.pre(network !== '192.0.2.1' && device !== 'key');
      for (const key of at(network, device)) {
        expect(home).not.toContain(key);
        expect(phone).not.toContain(key);
      }
    }),
  );
});

test('whoever is at home does not use up what the device has, nor the other way', () => {
  expect(at('192.0.2.1', 'key')).not.toEqual(at('192.0.2.1'));
  expect(at('192.0.2.1', 'another')).toEqual(at('192.0.2.1'));
});

test('strangers share what there is for the account, and each network what there is for it', () => {
  expect(at('203.0.113.1')).toEqual(['olga by strangers', 'guesses of 203.0.113.1']);
  expect(at('203.0.113.2')).toEqual(['olga by strangers', 'guesses of 203.0.113.2']);
  expect(at('203.0.113.1', undefined, 'boris')).toEqual(['boris by strangers', 'guesses of 203.0.113.1']);
  expect(at('')).toEqual(['olga by strangers']);
});
