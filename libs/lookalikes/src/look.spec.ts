import fc from 'fast-check';
import { look, looks } from './look';

const alike = (one: string, other: string): boolean => looks(one).some((seen) => looks(other).includes(seen));

test.each([
  ['Olga', 'Оlga', 'a Cyrillic О'],
  ['olga', 'ОLGA', 'in another case'],
  ['general', 'gеnеrаl', 'Cyrillic е and а'],
  ['General', 'Gene\u00adral', 'a soft hyphen'],
  ['General', 'General\u200b', 'a zero width space'],
  ['General', 'Gen\ufe0feral', 'a variation selector'],
  ['General', 'Gen\u{E0041}eral', 'a tag'],
  ['General', 'Ｇｅｎｅｒａｌ', 'full width'],
  ['General', '𝐆𝐞𝐧𝐞𝐫𝐚𝐥', 'mathematical letters'],
  ['ivan', 'іvan', 'a Ukrainian і'],
  ['Ivan', 'lvan', 'l for I'],
  ['Ilya', 'lIya', 'l and I in turn'],
  ['olga1', 'olgal', 'l for 1'],
  ['bob0', 'bobO', 'O for 0'],
  ['bob0', 'bobo', 'o for 0'],
  ['admin', 'adrnin', 'rn for m'],
  ['Αθήνα', 'Aθήvα', 'Latin A and v'],
  ['café', 'cafe\u0301', 'decomposed'],
  ['ho-use', 'ho‐use', 'another hyphen'],
])('%s looks like %s: %s', (one, other) => {
  expect(alike(one, other)).toBe(true);
});

test.each([
  ['Anna', 'Hanna'],
  ['mail', 'mall'],
  ['Room 1', 'Room 2'],
  ['Вече', 'Beчep'],
  ['東京', '京都'],
  ['café', 'cafe'],
])('%s does not look like %s', (one, other) => {
  expect(alike(one, other)).toBe(false);
});

test('a name always looks like itself, in whatever case and form it is written', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 32 }), (name) => {
      expect(alike(name, name.normalize('NFD'))).toBe(true);
      expect(alike(name, name.toLowerCase())).toBe(true);
      expect(alike(name, `${name}\u200b`)).toBe(true);
      expect(look(name)).toBe(look(name.normalize('NFC')));
    }),
  );
});
