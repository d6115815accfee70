import fc from 'fast-check';
import { readSearch, writeSearch } from './search';

describe('where somebody goes on to after the door', () => {
  it.each([
    '/',
    '/browse',
    '/rooms/01890a5d-ac96-774b-bcce-b302099a8057?at=7',
    '/settings/profile#x',
    '/a//b',
  ])('is a path of ours: %s', (path) =>
    expect(readSearch(`?then=${encodeURIComponent(path)}`)).toEqual({ then: path }),
  );

  it.each([
    'http://evil.example',
    'https:evil.example',
    'HTTPS://evil.example/',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '\t//evil.example',
    '/\n\\evil.example',
    '/.//evil.example',
    '/a/..//evil.example',
    '/./\\evil.example',
    'javascript:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,x',
    'evil.example',
    '@evil.example',
    '',
  ])('is nowhere else: %j', (path) => {
    expect(readSearch(`?then=${encodeURIComponent(path)}`)).toEqual({});
  });

  it('is read once: what is encoded twice is a path with signs in it', () => {
    expect(readSearch('?then=%252F%252Fevil.example')).toEqual({});
    expect(readSearch('?then=/%252F%252Fevil.example')).toEqual({ then: '/%2F%2Fevil.example' });
  });
});

describe('the number of a message', () => {
  it.each([
    ['7', 7],
    ['007', 7],
    ['9007199254740991', 9007199254740991],
  ])('is read: %s', (text, at) => expect(readSearch(`?at=${text}`)).toEqual({ at }));

  it.each(['', '0', '-3', '1.5', '1e3', 'abc', '0x10', '9007199254740992', '[7]', '٧', ' 7', 'null'])(
    'is that of none: %j',
    (text) => expect(readSearch(`?at=${encodeURIComponent(text)}`)).toEqual({ at: 0 }),
  );
});

describe('a search for messages', () => {
  const room = '01890a5d-ac96-774b-bcce-b302099a8057';
  it.each([
    [
      `?q=a+b&room=${room}&has=code,link&order=newest`,
      { q: 'a b', room, has: ['link', 'code'], order: 'newest' },
    ],
    ['?q=&room=general&has=beans&order=best', {}],
    [`?q=${'x'.repeat(300)}`, { q: 'x'.repeat(256) }],
  ])('is read: %.60s', (text, search) => expect(readSearch(text)).toEqual(search));

  it('is read as it was typed, whatever that looks like', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 200, unit: 'grapheme' }), (q) => {
        expect(readSearch(writeSearch({ q, room: undefined }))).toEqual({ q });
      }),
      { examples: [['7'], ['"a"'], ['{}'], ['true'], ['a&room=b'], ['#+%20']] },
    );
  });
});

it('nothing else is read from an address', () => {
  expect(readSearch('?__proto__=1&constructor=2&utm_source=x&at=1&at=2')).toEqual({ at: 1 });
  expect(readSearch('')).toEqual({});
});
