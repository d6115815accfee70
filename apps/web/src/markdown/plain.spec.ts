import { plain } from './plain';

describe('one line of a message', () => {
  it.each([
    ['Some **bold**, _italic_ and `code`.', 'Some bold, italic and code.'],
    ['first\n\n```ts\nlet a;\n```\nlast', 'first let a; last'],
    ['> quoted\n- one\n- two', 'quoted one two'],
    ['see [the page](https://example.org/a_b)', 'see the page'],
    ['snake_case and 2 * 3 stay', 'snake_case and 2 * 3 stay'],
    ['~~жирно~~ **да**', 'жирно да'],
    ['\\\\server\\_share\\docs', '\\\\server\\_share\\docs'],
    ['¯\\_(ツ)_/¯', '¯\\_(ツ)_/¯'],
    ['\\d+\\.\\d+', '\\d+\\.\\d+'],
    ['Tom &amp; Jerry &x;', 'Tom &amp; Jerry &x;'],
    ['6. Oktober\n24. Oktober', '6. Oktober 24. Oktober'],
    ['> quote\nmy answer', 'quote my answer'],
    ['**', '**'],
    ['> ', '>'],
    ['[]()', '[]()'],
    ['[x](javascript:alert(1))', '[x](javascript:alert(1))'],
  ])('of %j', (text, line) => expect(plain(text)).toBe(line));

  it('of a long message is made of its beginning', () =>
    expect(plain('word '.repeat(100_000)).length).toBeLessThan(1_000));
});
