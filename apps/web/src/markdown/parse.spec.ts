import { parse, safeUrl } from './parse';

const typesIn = (node: { type: string; children?: unknown[] }): string[] => [
  node.type,
  ...(node.children ?? []).flatMap((child) => typesIn(child as typeof node)),
];

describe('what a message says', () => {
  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    'a <b>bold</b> word',
    '<!-- nothing -->',
    '![a picture](https://example.org/x.png)',
    '[x]: javascript:alert(1)\n\n[x]',
  ])('has no markup of its own in it: %s', (text) => {
    const types = typesIn(parse(text));
    for (const type of ['html', 'image', 'imageReference', 'definition', 'linkReference'])
      expect(types).not.toContain(type);
  });

  it('has its code in blocks, its quotes, its lists and its links', () => {
    const types = typesIn(
      parse('```ts\nlet a;\n```\n> quoted\n\n- one\n- two\n\nsee https://example.org ~~not~~'),
    );
    for (const type of ['code', 'blockquote', 'list', 'link', 'delete']) expect(types).toContain(type);
  });

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
