import { HAS } from '@veche/protocol';
import fc from 'fast-check';
import { parseSearch } from '@veche/protocol';
import { excerptOf } from './excerpt.rules';
import { hasOf } from './has.rules';
import { vectorOf } from './lexemes';
import { beginOf, cover, shortestOf, spansOf } from './span.rules';
import { isTooMuch, marksOf, queryOfTerms, termsOf } from './terms';
import { tokensOf } from './tokens';

const terms = (search: string) => termsOf(parseSearch(search).texts);
const isFound = (search: string, text: string): boolean => marksOf(terms(search), text) !== undefined;
const marked = (search: string, text: string): string[] | undefined =>
  marksOf(terms(search), text)?.map(([start, end]) => text.slice(start, end));

describe('a search finds', () => {
  test.each<[string, string, string[]]>([
    // forms
    ['meeting', 'We met at the meetings.', ['meetings']],
    ['parties', 'A party!', ['party']],
    ['встреча', 'После встречи со встречами', ['встречи', 'встречами']],
    ['новый', 'Новая крыша, новые окна', ['Новая', 'новые']],
    ['елка', 'Ёлки зелёные', ['Ёлки']],
    ['зеленый', 'зелёного', ['зелёного']],
    ['книга', 'Кни\u0301гами', ['Кни\u0301гами']],
    // accents, case, width
    ['muller', 'Frau MÜLLER', ['MÜLLER']],
    ['straße', 'STRASSE', ['STRASSE']],
    ['οδοσ', 'ΟΔΟΣ', ['ΟΔΟΣ']],
    ['abc', 'ＡＢＣ', ['ＡＢＣ']],
    ['lodz', 'Łódź', ['Łódź']],
    // beginnings
    ['brid', 'bridges', ['bridges']],
    ['конфер', 'конференция', ['конференция']],
    // identifiers, names of files, addresses
    ['ERR_4711', 'it says err_4711 again', ['err_4711']],
    ['ERR_47', 'ERR_4711', ['ERR_4711']],
    ['4711', 'ERR_4711', ['4711']],
    ['report-v2.pdf', 'See Report-v2.pdf', ['Report-v2.pdf']],
    ['report', 'See report-v2.pdf', ['report']],
    ['example.org', 'https://chat.example.org/x', ['example.org']],
    ["don't", 'I don’t know', ['don’t']],
    // phrases
    ['"the old bridge"', 'On The Old Bridge!', ['The Old Bridge']],
    // pictures
    ['👍', 'ok 👍🏽', ['👍']],
    ['❤', 'I ❤️ it', ['❤']],
    ['👨‍👩‍👧', 'us: 👨‍👩‍👧', ['👨‍👩‍👧']],
    ['🇷🇺', '🇺🇸🇷🇺', ['🇷🇺']],
    // Chinese, Japanese, Korean, Thai
    ['会', '明天开会', ['会']],
    ['开会', '明天开会讨论', ['开会']],
    ['明天开会讨论', '我们明天开会讨论吧', ['明天开会讨论']],
    ['東京都', '東京都に', ['東京都']],
    ['カタカナ', 'ｶﾀｶﾅ', ['ｶﾀｶﾅ']],
    ['회의', '회의에서', ['회의']],
    ['ประชุม', 'การประชุมวันนี้', ['ประชุม']],
    ['手机', 'iPhone手机', ['手机']],
    ['iphone手机', '我的iPhone手机', ['iPhone手机']],
  ])('%p in %p', (search, text, found) => {
    expect(marked(search, text)).toEqual(found);
  });

  test.each([
    ['bridge', 'abridge'],
    ['"meeting"', 'meetings'],
    ['"old bridge"', 'bridge, old'],
    ['開會', '開 會'],
    ['ERR_4711', 'ERR 14711'],
    ['br', 'bridge'],
    ['bridge road', 'a bridge'],
    ['东京', '京东'],
  ])('nothing for %p in %p', (search, text) => {
    expect(isFound(search, text)).toBe(false);
  });
});

const scripts = fc.constantFrom(
  ...[...'abzÉßøİıюйёъΣς文字化カがー한국อักא ا٣ष्😀👍❤🇷🇺é\u0301\u00AD\u200D_-.’\'"`\\:&|!*<>() \n1½ﬁ㍿ﷺ'],
);
const texts = fc.oneof(
  fc.string({ unit: scripts, maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.lorem({ maxCount: 12 }),
);

describe('whatever is indexed', () => {
  test('is found by each of its words, and by any words side by side, in quotes or not', () => {
    fc.assert(
      fc.property(texts, fc.nat(), fc.nat({ max: 3 }), fc.boolean(), (text, from, more, exact) => {
        const tokens = tokensOf(text);
        if (tokens.length === 0) return;
        const first = tokens[from % tokens.length];
        const last = tokens[Math.min((from % tokens.length) + more, tokens.length - 1)];
        const piece = text.slice(first?.start, last?.end);
        const [term] = termsOf([{ text: piece, exact }]);
        expect(term && marksOf([term], text)).toBeDefined();
      }),
    );
  });

  test('becomes what PostgreSQL reads, and so does whatever is asked', () => {
    const lexeme = String.raw`'(?:[^'\\]|''|\\\\)+'`;
    const vector = new RegExp(`^${lexeme}(?::\\d+(?:,\\d+)*)?(?: ${lexeme}(?::\\d+(?:,\\d+)*)?)*$`, 'u');
    const operand = `${lexeme}(?::\\*)?`;
    const term = `\\(${operand}(?: (?:\\||<\\d+>) ${operand})*\\)`;
    const query = new RegExp(`^(?:${term}(?: & ${term})*)?$`, 'u');
    fc.assert(
      fc.property(texts, (text) => {
        expect(vectorOf({ roomId: 'r', actorId: 'a', at: new Date(), text })).toMatch(vector);
        expect(queryOfTerms(terms(text))).toMatch(query);
      }),
    );
  });

  test('has an excerpt of bounded length, with each mark around what was found', () => {
    fc.assert(
      fc.property(fc.array(texts, { maxLength: 20 }), fc.nat(), (parts, which) => {
        const text = parts.join(' ');
        const tokens = tokensOf(text);
        const token = tokens[which % Math.max(1, tokens.length)];
        if (!token) return;
        const found =
          marksOf(termsOf([{ text: text.slice(token.start, token.end), exact: true }]), text) ?? [];
        const { excerpt, marks } = excerptOf(text, found);
        expect(excerpt.length).toBeLessThan(280);
        expect(marks.length).toBeGreaterThan(0);
        for (const [i, [start, end]] of marks.entries())
          expect(excerpt.slice(start, end)).toBe(text.slice(...(found[i] as [number, number])));
      }),
    );
  });
});

test('what would ask too much of the index is known', () => {
  expect(isTooMuch(terms('word '.repeat(50)))).toBe(false);
  expect(isTooMuch(terms('字'.repeat(100)))).toBe(false);
  expect(isTooMuch(terms('a '.repeat(65)))).toBe(true);
});

test.each([
  ['link', 'see HTTPS://example.org', true],
  ['link', 'https:// is a scheme', false],
  ['code', 'run `ls`', true],
  ['code', '``', false],
] as const)('that there is a %s in %p: %p', (kind, text, there) => {
  expect(hasOf(text, kind)).toBe(there);
  expect(HAS).toContain(kind);
});

describe('spans of time', () => {
  const moment = fc.integer({ min: 0, max: Date.UTC(2100, 0, 1) });
  test('that cover a time hold each moment of it, and are few', () => {
    fc.assert(
      fc.property(moment, moment, moment, (a, b, c) => {
        const [from, at, until] = [a, b, c].sort((one, other) => one - other) as [number, number, number];
        if (at === until) return;
        const found = cover(from, until);
        if (!found) return expect(until - from).toBeGreaterThan(47 * 4_096_000 * 32 ** 3);
        expect(found.spans.length).toBeLessThanOrEqual(48);
        expect(found.spans).toContain(spansOf(new Date(at))[found.level]);
      }),
    );
  });
  test('begin where they say', () => {
    fc.assert(
      fc.property(moment, (at) => {
        expect(beginOf(shortestOf(at))).toBeLessThanOrEqual(at);
        expect(shortestOf(beginOf(shortestOf(at)))).toBe(shortestOf(at));
      }),
    );
  });
});
