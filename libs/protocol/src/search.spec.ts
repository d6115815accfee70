import fc from 'fast-check';
import { momentOf, parseSearch } from './search';

const NOTHING = { texts: [], from: [], in: [], before: [], after: [], has: [] };
const word = (text: string) => ({ text, exact: false });
const phrase = (text: string) => ({ text, exact: true });

describe('a search as people type it', () => {
  test.each<[string, Partial<ReturnType<typeof parseSearch>>]>([
    ['', {}],
    ['   ', {}],
    ['bridge  plans', { texts: [word('bridge'), word('plans')] }],
    ['"the old bridge" plans', { texts: [phrase('the old bridge'), word('plans')] }],
    ['«старый мост» план', { texts: [phrase('старый мост'), word('план')] }],
    ['“not closed yet', { texts: [phrase('not closed yet')] }],
    ['from:anna FROM:@Boris x', { from: ['anna', 'Boris'], texts: [word('x')] }],
    ['in:"Bridge builders" in:general', { in: ['Bridge builders', 'general'] }],
    ['in:@boris', { in: ['@boris'] }],
    [
      'before:2026-01-31 after:2025-12-01T10:00:00+03:00',
      { before: ['2026-01-31'], after: ['2025-12-01T10:00:00+03:00'] },
    ],
    ['before:2026-01 after:2026-02-30 x', { texts: [word('x')] }],
    ['has:link has:CODE has:link', { has: ['link', 'code'] }],
    ['has:beans', { texts: [word('has:beans')] }],
    ['from: x in:', { texts: [word('x')] }],
    ['https://example.org', { texts: [word('https://example.org')] }],
    ['a"b"c', { texts: [word('a'), phrase('b'), word('c')] }],
  ])('%p', (search, read) => {
    expect(parseSearch(search)).toEqual({ ...NOTHING, ...read });
  });

  test('is read whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (search) => {
        const { texts } = parseSearch(search);
        for (const { text } of texts) expect(search).toContain(text);
      }),
    );
  });
});

test.each<[string, string | undefined]>([
  ['2026-01-31', '2026-01-31T00:00:00.000Z'],
  ['2024-02-29', '2024-02-29T00:00:00.000Z'],
  ['2026-02-29', undefined],
  ['0000-01-01', undefined],
  ['2026-01-31T10:00Z', '2026-01-31T10:00:00.000Z'],
  ['2026-01-31T10:00:00+03:00', '2026-01-31T07:00:00.000Z'],
  ['2026-01-31T10:00:00', undefined],
  ['2026-01-31T25:00:00Z', undefined],
  ['yesterday', undefined],
])('the moment of %p', (value, moment) => {
  const found = momentOf(value);
  expect(found === undefined ? undefined : new Date(found).toISOString()).toBe(moment);
});
