import fc from 'fast-check';
import { fold, isDisplayName, isFoundBy, isRoomName, isVisible, nameWords, tidyName } from './names';

describe('a text in which nothing is to be seen', () => {
  const BLANKS = [
    ...[
      '200B',
      '200C',
      '200D',
      '2060',
      '2061',
      '2063',
      '00AD',
      '034F',
      '061C',
      '115F',
      '1160',
      '17B4',
      '180E',
    ],
    ...[
      '3164',
      'FFA0',
      '2800',
      'FEFF',
      'FE0E',
      'FE0F',
      'E0100',
      'E0041',
      'E007F',
      '200E',
      '202E',
      '2066',
      '206F',
    ],
    ...[
      '0020',
      '00A0',
      '1680',
      '2003',
      '2028',
      '2029',
      '202F',
      '205F',
      '3000',
      '0009',
      '000A',
      '0001',
      '0085',
    ],
    ...['0301', '20DD', '1D159', '1D173', '180B', 'FFF9'],
  ].map((code) => String.fromCodePoint(parseInt(code, 16)));

  test.each(BLANKS.map((blank) => [`U+${blank.codePointAt(0)?.toString(16)}`, blank]))(
    'is no text, whatever is put together: %s',
    (_code, blank) => {
      expect(isVisible(blank)).toBe(false);
      expect(isVisible(` ${blank}\n${blank}`)).toBe(false);
      expect(isDisplayName(blank.repeat(3))).toBe(false);
      expect(isRoomName(blank.repeat(5))).toBe(false);
      expect(isVisible(`${blank}.`)).toBe(true);
    },
  );

  test('is a text with anything else in it', () => {
    for (const seen of ['a', '.', 'я', '字', '👍', '☺', '\u0915\u093f', '3\u20e3', '\u{1FAE8}', '\uE000'])
      expect([seen, isVisible(seen)]).toEqual([seen, true]);
  });

  test('is found whatever it is put together of', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...BLANKS), { maxLength: 300 }), (blanks) => {
        expect(isVisible(blanks.join(''))).toBe(false);
      }),
    );
  });
});

describe('a name', () => {
  test('is kept without what nobody sees', () => {
    expect(tidyName('  Green \n\t room ')).toBe('Green room');
    expect(tidyName('caf\u0065\u0301')).toBe('caf\u00e9');
    expect(tidyName('\u200bGe\u00adne\u2060ral\u3164 ')).toBe('General');
  });

  test('keeps what scripts and emoji are made of', () => {
    for (const name of ['\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645', '👩‍👩‍👧‍👦 family', 'क्‍ष', '❤️ hearts'])
      expect(tidyName(name)).toBe(name);
  });

  test.each([
    '200E',
    '200F',
    '061C',
    '202A',
    '202B',
    '202C',
    '202D',
    '202E',
    '2066',
    '2067',
    '2068',
    '2069',
    '0007',
    '009F',
    '007F',
    'FFF9',
  ])('does not reach beyond its line: U+%s', (code) => {
    const name = `Evil${String.fromCodePoint(parseInt(code, 16))} name`;
    expect([isDisplayName(name), isRoomName(name)]).toEqual([false, false]);
  });

  test.each([
    ['東京', true],
    ['広場', true],
    ['서울', true],
    ['🎉🎉', true],
    ['家', false],
    ['ab', false],
    [' a ', false],
    ['abc', true],
    ['a\u200b\u200b', false],
    ['a\u0301\u0301', false],
    ['𝒶𝒷𝒸', true],
    [' 𝒶𝒷 ', false],
    ['x'.repeat(64), true],
    ['x'.repeat(65), false],
    ['場'.repeat(64), true],
  ])('of a room is long enough by what is to be seen of it: %s', (name, fits) => {
    expect(isRoomName(name)).toBe(fits);
  });

  test('counts no more for being decomposed', () => {
    expect([isRoomName('한'), isRoomName('\u1112\u1161\u11ab')]).toEqual([false, false]);
  });
});

describe('a search', () => {
  test.each([
    ['Карпова', 'Анна Карпова'],
    ['карп', 'Анна Карпова'],
    ['АННА карп', 'Анна Карпова'],
    ['карпова анна', 'Анна Карпова'],
    ['muller', 'Müller'],
    ['MÜLLER', 'Muller'],
    ['mu\u0308ller', 'M\u00fcller'],
    ['square', 'The square'],
    ['the sq', 'The square'],
    ['елка', 'Ёлка'],
    ['ёлка', 'Елка'],
    ['strasse', 'Große Straße'],
    ['lodz', 'Łódź'],
    ['soren', 'Søren'],
    ['istanbul', 'İstanbul'],
    ['aegir', 'Ægir'],
    ['ω', 'Ώρα'],
    ['σοφος', 'Σοφός'],
    ['marie', 'Ann-Marie'],
    ["o'brien", 'O’Brien'],
    ['brien', 'O’Brien'],
    ['支部', '東京支部'],
    ['東京', '東京支部'],
    ['ｔｏｋｙｏ', 'Tokyo'],
    ['tok', 'ＴＯＫＹＯ'],
    ['ﾄｳｷｮｳ', 'トウキョウ'],
    ['2', 'Room 2'],
    ['b', 'a_b'],
    ['🎉', '🎉 party'],
    ['\u200bsq\u00aduare', 'The square'],
    ['नमस्ते', 'नमस्ते दुनिया'],
    ['שלום', 'שָׁלוֹם'],
  ])('for %s finds %s', (search, name) => {
    expect(isFoundBy(search, name)).toBe(true);
  });

  test.each([
    ['quare', 'The square'],
    ['pova', 'Анна Карпова'],
    ['square moon', 'The square'],
    ['bob_', 'Bobby'],
    ['%', '100 percent'],
    ['कि', 'की'],
  ])('for %s does not find %s', (search, name) => {
    expect(isFoundBy(search, name)).toBe(false);
  });

  test('looks through all names of somebody', () => {
    expect(isFoundBy('anna kar', 'akarenina', 'Anna K.')).toBe(false);
    expect(isFoundBy('anna ak', 'akarenina', 'Anna K.')).toBe(true);
  });

  test('finds a name by each of its words, from their first letter to their last', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 64 }), (name) => {
        const words = nameWords(name);
        for (const word of words) expect(isFoundBy(word, name)).toBe(true);
        expect(isFoundBy(fold(name), name)).toBe(true);
      }),
    );
  });

  test('compares the same, folded once or twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        expect(fold(fold(text))).toBe(fold(text));
      }),
    );
  });
});
