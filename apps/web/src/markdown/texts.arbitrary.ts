import fc from 'fast-check';

/** The server's limit (docs/api.md), in characters. */
const MAX = 4000;

const cut = (text: string): string => [...text].slice(0, MAX).join('');

/** What has a meaning somewhere in markdown, or nearly. */
const SIGNS = [
  ...'*_~`>#-+=[]()!|\\/&;:<.1 \t\n"\'',
  ...[
    '**',
    '~~',
    '```',
    '](',
    '- ',
    '> ',
    '1. ',
    '\n\n',
    '  \n',
    '&x;',
    '&amp;',
    '&#0;',
    '<b>',
    '<!--',
    '\n|-|-|\n',
    ' | ',
    '- [x] ',
    'https://',
    'www.',
    '@',
  ],
];
const WORDS = [
  'a',
  'дом',
  'שלום',
  'مرحبا',
  '家',
  'é',
  'z\u0338\u0301\u0302',
  '👩‍👩‍👧',
  '\u202e',
  '\u2067',
  '\u200b',
  '0',
  '007',
  'ツ',
  '»',
  '。',
];
const ADDRESSES = [
  'https://example.org/a_(b)?c=1&amp;d=2#e',
  'http://e.org',
  'www.example.com/docs»',
  'a.b@example.org',
  'javascript:alert(1)',
  'https://[::1]:80/',
  'https://例え.jp/パス。',
  'http://%zz',
];

const sign = fc.constantFrom(...SIGNS);
const word = fc.constantFrom(
  ...WORDS,
  ...ADDRESSES,
  '&x;',
  '&copy',
  '&#x110000;',
  '<img src=x onerror=alert(1)>',
  '\\*',
);

/** Any characters there are. U+0000 is none: no database stores it. */
const characters = fc.string({ unit: 'binary', maxLength: 200 }).map((text) => text.replaceAll('\0', ''));

/** Signs and words without order. */
const noise = fc.array(fc.oneof(sign, word), { maxLength: 120 }).map((parts) => parts.join(''));

/** A few signs, again and again: what grows faster than the text is found by it. */
const repeated = fc
  .tuple(
    fc.array(fc.oneof(sign, word), { minLength: 1, maxLength: 4 }),
    fc.integer({ min: 1, max: MAX }),
    noise,
  )
  // of a character that is cut in two here nothing is left by the other cut
  .map(
    ([parts, times, end]) =>
      parts
        .join('')
        .repeat(times)
        .slice(0, 2 * MAX) + end,
  );

/** A few signs, again and again, and closed as often in the order that nests them. */
const nested = fc
  .tuple(
    fc.constantFrom(
      ['*', '*'],
      ['_', '_'],
      ['**', '**'],
      ['~~', '~~'],
      ['[', '](http://e.org)'],
      ['(', ')'],
      ['> ', ''],
      ['- ', ''],
      ['1. ', ''],
    ),
    fc.constantFrom('', 'a', ' a '),
    fc.integer({ min: 1, max: 1500 }),
  )
  .map(([[open = '', close = ''], within, times]) => open.repeat(times) + within + close.repeat(times));

const { text: sentence } = fc.letrec<{ text: string; part: string }>((tie) => ({
  text: fc.array(tie('part'), { minLength: 1, maxLength: 5 }).map((parts) => parts.join(' ')),
  part: fc.oneof(
    { depthSize: 'small' },
    word,
    fc
      .tuple(
        fc.constantFrom('*', '_', '**', '__', '***', '~~', '`', '``', '"', '«'),
        tie('text'),
        fc.constantFrom('', ' '),
      )
      .map(([mark, text, space]) => `${mark}${space}${text}${mark}`),
    fc
      .tuple(tie('text'), fc.constantFrom(...ADDRESSES, '', '<a b>', 'x "title"'))
      .map(([text, to]) => `[${text}](${to})`),
    fc.tuple(tie('text'), tie('text')).map(([text, label]) => `![${text}][${label}]`),
  ),
}));

const { blocks } = fc.letrec<{ blocks: string; block: string }>((tie) => ({
  blocks: fc
    .tuple(
      fc.array(tie('block'), { minLength: 1, maxLength: 4 }),
      fc.constantFrom('\n', '\n\n', '\r\n', '\n \n'),
    )
    .map(([parts, between]) => parts.join(between)),
  block: fc.oneof(
    { depthSize: 'small' },
    sentence,
    fc
      .tuple(
        fc.constantFrom(
          '> ',
          '>',
          '- ',
          '* ',
          '+ ',
          '6. ',
          '24) ',
          '000123456. ',
          '# ',
          '###### ',
          '    ',
          '\t',
        ),
        tie('blocks'),
        fc.boolean(),
      )
      .map(([mark, text, all]) => (all ? text.replace(/^/gm, mark) : mark + text)),
    fc
      .tuple(
        fc.constantFrom('```', '~~~', '````'),
        fc.constantFrom('', 'ts', 'x&y;', ' two words'),
        tie('blocks'),
        fc.boolean(),
      )
      .map(([fence, info, text, closed]) => `${fence}${info}\n${text}${closed ? `\n${fence}` : ''}`),
    fc
      .tuple(sentence, fc.constantFrom('===', '---', '***', '[a]: /b "c"', '| a |\n|---|', '<div>'))
      .map((lines) => lines.join('\n')),
  ),
}));

/** What somebody may send to break a page, or by accident: markdown and what is nearly so, and any characters at all. */
export const anyText: fc.Arbitrary<string> = fc
  .oneof(characters, noise, repeated, nested, sentence, blocks)
  .map(cut);
