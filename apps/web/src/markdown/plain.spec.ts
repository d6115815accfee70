import { plain } from './plain';

describe('one line of a message', () => {
  it.each([
    ['Some **bold**, _italic_ and `code`.', 'Some bold, italic and code.'],
    ['first\n\n```ts\nlet a;\n```\nlast', 'first let a; last'],
    ['> quoted\n- one\n- two', 'quoted one two'],
    ['see [the page](https://example.org/a_b)', 'see the page'],
    ['snake_case and 2 * 3 stay', 'snake_case and 2 * 3 stay'],
    ['~~жирно~~ **да**', 'жирно да'],
  ])('of %j', (text, line) => expect(plain(text)).toBe(line));
});
