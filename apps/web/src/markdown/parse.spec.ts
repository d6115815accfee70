import fc from 'fast-check';
import { safeUrl } from './links';
import { type Block, type Inline, parse } from './parse';
import { anyText } from './texts.arbitrary';

type Part = Block | Inline;

const within = (part: Part): Part[] => {
  if (typeof part === 'string') return [];
  if ('items' in part) return part.items.flatMap(({ children }) => children);
  if ('rows' in part) return part.rows.flat(2);
  return 'children' in part ? part.children : [];
};
const typeOf = (part: Part): string => (typeof part === 'string' ? 'text' : part.type);
const allIn = (parts: readonly Part[]): Part[] => parts.flatMap((part) => [part, ...allIn(within(part))]);
const typesIn = (text: string): Set<string> => new Set(allIn(parse(text)).map(typeOf));
const depthOf = (parts: readonly Part[]): number =>
  parts.length === 0 ? 0 : 1 + Math.max(...parts.map((part) => depthOf(within(part))));

/** What is seen, block by block; numbers of lists are part of it. */
const seen = (text: string): string => parse(text).map(ofPart).join('\n');
const ofPart = (part: Part): string => {
  if (typeof part === 'string') return part;
  if ('items' in part)
    return part.items
      .map(
        ({ mark, task, children }) =>
          (part.ordered ? `${mark} ` : '') + (task ? `${task} ` : '') + children.map(ofPart).join('\n'),
      )
      .join('\n');
  if ('rows' in part)
    return part.rows.map((row) => row.map((cell) => cell.map(ofPart).join('')).join(' ')).join('\n');
  if (part.type === 'code') return part.text;
  return part.children.map(ofPart).join(part.type === 'quote' ? '\n' : '');
};
const linksIn = (text: string): string[] =>
  allIn(parse(text)).flatMap((part) =>
    typeof part !== 'string' && part.type === 'link' ? [part.url.href] : [],
  );

/** The addresses that one sees as links, as they stand in the text. */
const linkTextsIn = (text: string): string[] =>
  allIn(parse(text)).flatMap((part) =>
    typeof part !== 'string' && part.type === 'link' ? [ofPart(part)] : [],
  );

describe('what a message says', () => {
  it.each([
    ['has its code in blocks', '```ts\nlet a;\n```', 'code', 'let a;'],
    ['has its code in a line', 'the `let a;` of it', 'code', 'the let a; of it'],
    ['has its quotations', '> quoted\n> twice', 'quote', 'quoted\ntwice'],
    ['has its lists', '- one\n- two', 'list', 'one\ntwo'],
    ['has what is to be done', '- [ ] one\n- [x] two', 'list', '[ ] one\n[x] two'],
    ['has its tables', '| a | b |\n|:--|--:|\n| 1 | **2** |', 'table', 'a b\n1 2'],
    ['has tables without edges', 'a | b\n-|-\n1 | 2 | 3', 'table', 'a b\n1 2 3'],
    ['has tables below a line', 'so:\n| a |\n|---|\n| 1 |', 'table', 'so:\na\n1'],
    ['has its titles', '# Title', 'heading', 'Title'],
    ['has its links', 'see [the page](https://example.org)', 'link', 'see the page'],
    ['has what is strong', 'a **bold** word', 'strong', 'a bold word'],
    ['has what is emphasised', 'a _bold_ *word*', 'emphasis', 'a bold word'],
    ['has what is both', '***both***', 'emphasis', 'both'],
    ['has what is struck out', '~~not~~ so', 'deleted', 'not so'],
    ['has what is strong between words without spaces', 'これは**重要**です', 'strong', 'これは重要です'],
  ])('%s: %j', (_name, text, type, says) => {
    expect(typesIn(text)).toContain(type);
    expect(seen(text)).toBe(says);
  });

  it.each([
    // references and tags of HTML, which are none here
    '&x;',
    'Tom &amp; Jerry',
    '&#0; &#x110000; &copy;',
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    'a <b>bold</b> word',
    '<!-- nothing -->',
    '[x]: javascript:alert(1)\n[x]',
    '[x](javascript:alert(1))',
    '[x](/rooms/1)',
    '[x]',
    '[x][y]',
    // paths, patterns, names, formulas, faces
    '\\\\server\\_share\\docs',
    'C:\\_temp_\\*new*\\',
    '\\d+\\.\\d+',
    '^.*foo.*$',
    '¯\\_(ツ)_/¯',
    '¯\\\\_(ツ)_/¯',
    'snake_case_name and __proto',
    '2*3*4 is 24, and 2 * 3 * 4, too',
    'f(*args, **kwargs)',
    'src/*.ts, test/*.ts',
    '*.ts and *.js',
    '/* comment */',
    '*_* >:( ^_^ -_- >_> <_<',
    '>:(',
    '>10 people',
    '+ 1 for that',
    '\\*not so\\*',
    // days, numbers
    '6. Oktober\n24. Oktober\n25. Oktober',
    '1986. What a year',
    '007. Bond',
    '123456789. a long number',
    '1234567890123. a longer one',
    '2) so\n1) it\n2) is',
    // lines
    'Title\n=====',
    'Title\n---',
    '---',
    '- - -',
    '* * *',
    '    indented\n        twice',
    'a  \nb',
    'a\\\nb',
    '| a | b |\n|---|---|',
    '[ ] not in a list',
    'a | b\nc | d',
  ])('is what was typed where nobody means markup: %j', (text) => expect(seen(text)).toBe(text));

  it.each([
    ...[
      '*',
      '**',
      '***',
      '****',
      '_',
      '__',
      '~~',
      '~~~~',
      '`',
      '``',
      '` `',
      '```',
      '```\n```',
      '```\n\n```',
      '```ts\n```',
    ],
    ...[
      '>',
      '> ',
      '> >',
      '>\n>',
      '-',
      '- ',
      '* ',
      '-\n-',
      '1.',
      '1. ',
      '1.\n2.',
      '#',
      '# ',
      '###### ',
      '> - ',
      '- > #',
    ],
    ...['[]()', '[ ]()', '[x]()', '[](https://example.org)', '[\u200b](https://example.org)', '![]()'],
    ...['** **', '__ __', '*-*', '**?**', '_._', '~~-~~', '**_ _**'],
  ])('is what was typed where there is nothing in the markup: %j', (text) => {
    expect(seen(text).replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
    expect([...typesIn(text)].filter((type) => !['paragraph', 'text', 'link'].includes(type))).toEqual([]);
  });

  it('is a quotation and an answer', () => {
    expect(parse('> quote\nmy answer').map(typeOf)).toEqual(['quote', 'paragraph']);
    expect(parse('> quote\n> more\nmy answer\n> next').map(typeOf)).toEqual(['quote', 'paragraph', 'quote']);
    expect(parse('> quote\n        my answer').map(typeOf)).toEqual(['quote', 'paragraph']);
    expect(parse('- one\n- two\nmy answer').map(typeOf)).toEqual(['list', 'paragraph']);
    expect(parse('> - one\nmy answer').map(typeOf)).toEqual(['quote', 'paragraph']);
    expect(parse('> > deep\n> less\nmy answer').map(typeOf)).toEqual(['quote', 'paragraph']);
    expect(parse('- one\n  still one\n- two').map(typeOf)).toEqual(['list']);
  });

  it('keeps what stands after the sign of a block of code and is no language', () => {
    expect(seen('```x&y;\nfoo\n```')).toBe('x&y;\nfoo');
    expect(seen('```two words\nfoo\n```')).toBe('two words\nfoo');
    expect(seen('```c++\nfoo\n```')).toBe('foo');
  });

  it('is seen whole, but for signs of markup, whatever it is', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const parts = allIn(parse(text));
        const elements = parts.filter((part) => typeof part !== 'string');
        expect(elements.length).toBeLessThanOrEqual(2_000);
        expect(depthOf(parse(text))).toBeLessThanOrEqual(60);
        // what is seen is in what was typed, in its order
        const typed = [...text.replace(/\s/g, '')][Symbol.iterator]();
        for (const sign of seen(text).replace(/\s/g, '')) {
          let next = typed.next();
          while (!next.done && next.value !== sign) next = typed.next();
          if (next.done) throw new Error(`is seen, and was not typed: ${sign}`);
        }
        // and a letter goes only with the address or the language that it is part of
        if (/\]\(|```|~~~/.test(text)) return;
        expect(seen(text).replace(/[^\p{L}\p{N}]/gu, '')).toBe(text.replace(/[^\p{L}\p{N}]/gu, ''));
      }),
      { numRuns: 500 },
    );
  });
});

describe('a hostile text', () => {
  const HOSTILE: [string, string][] = [
    ['lists in lists', '- '.repeat(921)],
    ['lists in lists, to the end', '- '.repeat(2000)],
    ['quotations in quotations', '>'.repeat(4000)],
    ['quotations in lists', '> - '.repeat(1000)],
    ['numbered lists', '1. '.repeat(1300)],
    [
      'lists that go deeper by the line',
      Array.from({ length: 60 }, (_, i) => `${'  '.repeat(i)}- a`).join('\n'),
    ],
    ['many items', '-\n'.repeat(2000)],
    ['emphasis that never ends', '*_'.repeat(2000)],
    ['emphasis in emphasis', `${'*_'.repeat(1000)}a${'_*'.repeat(1000)}`],
    ['ends without beginnings', 'a* b_ '.repeat(660)],
    ['emphasised links', '*[a](b)'.repeat(571)],
    ['links that lead somewhere', '[a](http://b)'.repeat(307)],
    ['brackets', '['.repeat(4000)],
    ['brackets in brackets', '['.repeat(2000) + ']'.repeat(2000)],
    ['links in links', `${'['.repeat(300)}a${'](http://b)'.repeat(300)}`],
    ['addresses without ends', '[a](<b'.repeat(660)],
    ['titles without ends', '[a](b "'.repeat(570)],
    ['signs of code', Array.from({ length: 88 }, (_, i) => '`'.repeat(i + 1)).join(' ')],
    ['addresses', 'www.a.b/(['.repeat(400)],
    ['one long address', `https://a.org/${'(['.repeat(1900)}`],
    ['mail', 'a@'.repeat(2000)],
    ['mail with many names', `a@${'b.'.repeat(1990)}`],
    ['one long word', 'a'.repeat(4000)],
    ['words with dots', 'a.'.repeat(2000)],
    ['escapes', '\\*'.repeat(2000)],
    ['a table of many columns', `${'|a'.repeat(600)}\n${'|-'.repeat(600)}\n${'|b'.repeat(600)}`],
    ['a table of many rows', `|a|\n|-|\n${'|b|\n'.repeat(1000)}`],
    ['tables after tables', '|a|\n|-|\n|b|\n\n'.repeat(300)],
    ['pipes', '|'.repeat(4000)],
    ['lines of pipes', '|a|b|\n'.repeat(600)],
    ['heads of tables', 'a|b\n-|-\n'.repeat(500)],
    ['a head that never ends', `a|b\n${'-'.repeat(3900)}`],
    ['a head of spaces', `a|b\n|${' -'.repeat(1900)}`],
    ['things to do', '- [ ] a\n'.repeat(500)],
    ['what is far beyond the limit', '*a* '.repeat(1_000_000)],
  ];

  it.each(HOSTILE)('costs little: %s', (_name, text) => {
    const before = process.cpuUsage();
    const blocks = parse(text);
    const { user, system } = process.cpuUsage(before);
    // of the processor, in microseconds: what else the machine does is not counted
    expect(user + system).toBeLessThan(1_000_000);
    expect(depthOf(blocks)).toBeLessThanOrEqual(60);
    expect(allIn(blocks).length).toBeLessThanOrEqual(4_000);
  });

  it('is what was typed where it is too deep', () => {
    expect(seen('>'.repeat(12) + ' x')).toBe('>>>>>> x');
    expect(seen('- '.repeat(9) + 'x')).toBe('- - - x');
  });
});

describe('a link', () => {
  it.each([
    ['«https://example.com»', 'https://example.com'],
    ['“https://example.com”', 'https://example.com'],
    ['„https://example.com“', 'https://example.com'],
    ['"https://example.com"', 'https://example.com'],
    ["'https://example.com'", 'https://example.com'],
    ['‘https://example.com/a’', 'https://example.com/a'],
    ['‹https://example.com/a›', 'https://example.com/a'],
    ['«https://example.com/docs»', 'https://example.com/docs'],
    ['«см. https://example.com/docs».', 'https://example.com/docs'],
    ['请看https://example.com。谢谢', 'https://example.com'],
    ['请看https://example.com/a，谢谢', 'https://example.com/a'],
    ['「https://example.com/a」', 'https://example.com/a'],
    ['（https://example.com/a）', 'https://example.com/a'],
    ['【https://example.com/a】', 'https://example.com/a'],
    ['https://example.com/a！', 'https://example.com/a'],
    ['https://example.com/a？', 'https://example.com/a'],
    ['https://example.com/a；', 'https://example.com/a'],
    ['https://example.com谢谢', 'https://example.com'],
    ['https://example.comпривет', 'https://example.com'],
    ['https://example.com،', 'https://example.com'],
    ['https://example.com/a؟', 'https://example.com/a'],
    ['https://example.com/a।', 'https://example.com/a'],
    ['https://example.com—so', 'https://example.com'],
    ['https://example.com/a…', 'https://example.com/a'],
    ['https://example.com/a👍', 'https://example.com/a'],
    ['(https://example.com/a)', 'https://example.com/a'],
    ['[https://example.com/a]', 'https://example.com/a'],
    ['<https://example.com/a>', 'https://example.com/a'],
    ['{https://example.com/a}', 'https://example.com/a'],
    ['(see https://example.com/a_(b))', 'https://example.com/a_(b)'],
    ['https://example.com/a.', 'https://example.com/a'],
    ['https://example.com/a?!', 'https://example.com/a'],
    ['https://example.com/a, and', 'https://example.com/a'],
    ['**https://example.com/a**', 'https://example.com/a'],
    ['_https://example.com/a_', 'https://example.com/a'],
    ['https://example.com/a_b_c', 'https://example.com/a_b_c'],
    ['https://example.com/?a=1&amp;b=2', 'https://example.com/?a=1&amp;b=2'],
    ['https://en.wikipedia.org/wiki/Michelson–Morley', 'https://en.wikipedia.org/wiki/Michelson–Morley'],
    ['https://en.wikipedia.org/wiki/Qur’an', 'https://en.wikipedia.org/wiki/Qur’an'],
    ['https://zh.wikipedia.org/wiki/中文', 'https://zh.wikipedia.org/wiki/中文'],
    ['https://пример.рф/путь', 'https://пример.рф/путь'],
    ['https://例え.jp/パス。', 'https://例え.jp/パス'],
    ['http://localhost:3000/x', 'http://localhost:3000/x'],
    ['http://[::1]:80/x', 'http://[::1]:80/x'],
    ['HTTPS://EXAMPLE.COM', 'HTTPS://EXAMPLE.COM'],
    ['www.example.com/docs»', 'www.example.com/docs'],
    ['mail anna.b@example.org.', 'anna.b@example.org'],
    ['https://example.com\u202e/moc', 'https://example.com'],
  ])('ends where people end it: %s', (text, address) => {
    expect(linkTextsIn(text)).toEqual([address]);
    expect(seen(text).replace(/[*_]/g, '')).toBe(text.replace(/[*_]/g, ''));
  });

  it.each([
    ['[x](http://e.org/?a=1&amp;b=2)', 'http://e.org/?a=1&amp;b=2'],
    ['[x](https://en.wikipedia.org/wiki/A_(b))', 'https://en.wikipedia.org/wiki/A_(b)'],
    ['[x](<https://e.org/a b>)', 'https://e.org/a%20b'],
    ['www.e.org', 'http://www.e.org/'],
    ['anna@e.org', 'mailto:anna@e.org'],
  ])('leads where it says: %s', (text, href) => expect(linksIn(text)).toEqual([href]));

  it.each([
    'https://',
    'https://.',
    'https://user:password@evil',
    'xhttps://e.org',
    'ftp://e.org',
    'www.',
    'a@b',
    '`https://e.org`',
    '[x](data:text/html,x)',
  ])('is none: %s', (text) => expect(linksIn(text)).toEqual([]));

  it('does not lead elsewhere than its text says', () =>
    expect(linksIn('[https://bank.example](https://evil.example)')).toEqual([
      'https://bank.example/',
      'https://evil.example/',
    ]));

  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    '//example.org',
    '/rooms/1',
    ' java\nscript:x',
  ])('leads nowhere by %s', (url) => expect(safeUrl(url)).toBeUndefined());

  it.each(['https://example.org/a?b#c', 'http://example.org', 'mailto:a@example.org'])('leads by %s', (url) =>
    expect(safeUrl(url)?.href).toContain(url),
  );
});
