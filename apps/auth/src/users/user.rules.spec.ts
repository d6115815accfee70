import { beginningWith, containing, nameKey } from './user.rules';

test('names that differ in case alone are one name', () => {
  expect(nameKey('Olga.K')).toBe(nameKey('oLGA.k'));
  expect(nameKey('ОЛЬГА')).toBe('ольга');
});

test('what LIKE would take for a pattern is searched for as it stands', () => {
  expect(beginningWith('a_b%c\\d')).toBe('a\\_b\\%c\\\\d%');
  expect(containing('a_b')).toBe('%a\\_b%');
});
