import { applicationOf } from './account.rules';

test('a login is for the first application unless it names another of ours', () => {
  expect(applicationOf(undefined, ['veche', 'shop'])).toBe('veche');
  expect(applicationOf('shop', ['veche', 'shop'])).toBe('shop');
  expect(applicationOf('elsewhere', ['veche', 'shop'])).toBeUndefined();
  expect(applicationOf('', ['veche'])).toBeUndefined();
});
