import fc from 'fast-check';
import {
  calls,
  type KnownNames,
  MAX_MENTIONS,
  type Mention,
  namesInMessage,
  resolveMentions,
  withMentions,
} from './mentions';

const known: KnownNames = {
  users: new Map([
    ['anna', 'id of anna'],
    ['boris', 'id of boris'],
    ['b.k', 'id of b.k'],
    ['vera_', 'id of vera_'],
  ]),
  rooms: new Map([
    ['general', 'id of general'],
    ['c++', 'id of c++'],
    ['наш-чат', 'id of our chat'],
  ]),
  mayCallAll: true,
};
const mentionsIn = (text: string, names = known): Mention[] => resolveMentions(namesInMessage(text), names);
const named = (text: string): string[] =>
  mentionsIn(text).map(({ kind, name }) => (kind === 'user' || kind === 'roomLink' ? (name ?? '') : kind));

describe('a message', () => {
  test.each<[string, string[]]>([
    ['@anna', ['anna']],
    ['@Anna, @BORIS!', ['anna', 'boris']],
    ['(@anna) "@boris" *@anna* _@boris_', ['anna', 'boris']],
    ['see you, @anna. And @b.k.', ['anna', 'b.k']],
    ['@vera_ and @vera_.', ['vera_']],
    ['@anna/@boris', ['anna', 'boris']],
    ['你好@anna你好', ['anna']],
    ['> quoted @anna\n- @boris', ['anna', 'boris']],
    ['@room and @here', ['room', 'here']],
    ['#general, #C++ and #Наш-Чат', ['general', 'c++', 'наш-чат']],
    ['`code` @anna `more`', ['anna']],
    ['\\`@anna`', ['anna']],
    ['```\ncode\n```\n@anna', ['anna']],
    ['> ```\n> code\n@anna', ['anna']],
    ['a ` alone\n\n@anna ` alone', ['anna']],
    ['[not a link](@anna)', ['anna']],
  ])('mentions what it names: %j', (text, expected) => {
    expect(named(text)).toEqual(expected);
  });

  test.each([
    'anna',
    '@nobody',
    'mail@anna.example',
    'mail+@anna',
    '@anna@example.org',
    '@annaé',
    '@ anna',
    '\\@anna',
    '# general',
    'C#general',
    '&#general',
    '`@anna`',
    '``a ` @anna``',
    '`two\nlines @anna`',
    '```\n@anna\n```',
    '```ts\n@anna',
    '- ```\n  @anna\n  ```',
    '> ```\n> @anna\n> ```',
    'https://example.org/@anna',
    'www.example.org/#general',
    '[@anna](https://example.org/)',
    '[x](https://example.org/(@anna))',
    `@${'a'.repeat(33)}`,
  ])('is text where nobody is named: %j', (text) => {
    expect(named(text)).toEqual([]);
  });

  test('calls everybody only where its author may', () => {
    expect(mentionsIn('@room @here @anna', { ...known, mayCallAll: false })).toEqual([
      { kind: 'user', id: 'id of anna', name: 'anna' },
    ]);
  });

  test('mentions each once, and not more than it may', () => {
    expect(named('@anna @boris @anna')).toEqual(['anna', 'boris']);
    const names = Array.from({ length: MAX_MENTIONS + 5 }, (_, i) => `user${i}`);
    const users = new Map(names.map((name) => [name, name]));
    const text = names.map((name) => `@${name}`).join(' ');
    expect(mentionsIn(text, { ...known, users })).toHaveLength(MAX_MENTIONS);
  });

  test('calls those whom it mentions, and never its author', () => {
    const message = { actorId: 'a', mentions: [{ kind: 'user', id: 'b' } as const] };
    expect(['a', 'b', 'c'].map((id) => calls(message, id))).toEqual([false, true, false]);
    const all = { actorId: 'a', mentions: [{ kind: 'here' } as const] };
    expect(['a', 'b'].map((id) => calls(all, id))).toEqual([false, true]);
    expect(calls({ actorId: 'a', mentions: [{ kind: 'roomLink', id: 'b' }] }, 'b')).toBe(false);
  });

  const piece = fc.constantFrom(
    ...['@anna', '@boris.', '@room', '#general', '#c++', '@b.k', '@', '#', ' ', '\n', '\n\n', '`', '``'],
    ...[
      '```',
      '\n```\n',
      '> ',
      '- ',
      'https://e.org/',
      '[x](https://e.org)',
      '\\',
      'x',
      'é',
      '好',
      '.',
      '\u{1f44b}',
    ],
  );
  const text = fc.oneof(
    fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
    fc.string({ unit: 'binary', maxLength: 200 }),
  );

  test('is read whatever it is, and shows each mention where it was typed', () => {
    fc.assert(
      fc.property(text, (typed) => {
        const mentions = mentionsIn(typed);
        const parts = withMentions(typed, mentions);
        expect(parts.map((part) => (typeof part === 'string' ? part : part.text)).join('')).toBe(typed);
        const shown = parts.flatMap((part) => (typeof part === 'string' ? [] : [part.mention]));
        // what is in code too is found by who knows what code is
        for (const mention of mentions) expect(shown).toContainEqual(mention);
        for (const { start, names } of namesInMessage(typed))
          for (const { end } of names) expect(typed.slice(start, end)).toMatch(/^[@#][^\s]+$/);
      }),
      { numRuns: 500 },
    );
  });

  test('mentions nothing in code, whatever stands around it', () => {
    fc.assert(
      fc.property(text, fc.constantFrom('`', '``', '\n\n```\n'), (around, marks) => {
        const code = `${marks}${'@anna @room #general'}${marks.startsWith('\n') ? '\n```\n\n' : marks}`;
        const before = around.replaceAll('`', '').replaceAll('\\', '');
        const withCode = mentionsIn(`${before} ${code} ${before}`);
        expect(withCode).toEqual(mentionsIn(`${before} ${before}`));
      }),
    );
  });
});
