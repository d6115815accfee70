import type { Tree } from '@lezer/common';
import {
  type BlockContext,
  type InlineContext,
  type InlineParser,
  type LeafBlock,
  type LeafBlockParser,
  type Line,
  type MarkdownConfig,
  parser,
  Table,
  TaskList,
} from '@lezer/markdown';
import { addressAt } from './links';

/** What a chat has no use for: it stays the text that it is. HTML first of all. */
const PLAIN = [
  'LinkReference',
  'IndentedCode',
  'HorizontalRule',
  'HTMLBlock',
  'SetextHeading',
  'Entity',
  'HTMLTag',
  'HardBreak',
  'Image',
];

/** Emphasis so often in one text is not meant as such, and would take long to be matched: the square of it. */
const MAX_EMPHASIS_SIGNS = 600;

/** So many quotations and lists within each other, and what is within the last of them is text. */
const MAX_NESTED = 6;

/** So long may an address be, in UTF-16 units. */
const MAX_ADDRESS = 2048;

/** An address that nobody marked: `https://example.org`. */
const address: InlineParser = {
  name: 'Address',
  before: 'Escape',
  parse: (cx, _next, pos) => {
    // one word in two: it has been looked at from its beginning
    if (!/[a-z\d]/i.test(cx.slice(pos, pos + 1)) || /[\p{Lu}\p{Ll}\p{N}@+.-]/u.test(signBefore(cx, pos)))
      return -1;
    const found = addressAt(cx.slice(pos, pos + MAX_ADDRESS));
    return found ? cx.addElement(cx.elt('Address', pos, pos + found.length)) : -1;
  },
};

const signBefore = (cx: InlineContext, pos: number): string =>
  [...cx.slice(Math.max(cx.offset, pos - 2), pos)].at(-1) ?? '';
const signAfter = (cx: InlineContext, pos: number): string => [...cx.slice(pos, pos + 2)][0] ?? '';

/**
 * What a sign does not begin or end emphasis beside, because both are parts of one word, path, formula or face:
 * snake_case, 2*3*4, C:\_share, src/*.ts, ¯\_(ツ)_/¯. Letters without case do not join: between them there are no
 * spaces in Chinese and Japanese, and endings follow in others.
 */
const JOINED_BEFORE = /[\p{Lu}\p{Ll}\p{Lt}\p{N}\p{Pe}/\\.;@#&%=+|^$<>-]/u;
const JOINED_AFTER = /[\p{Lu}\p{Ll}\p{Lt}\p{N}\p{Ps}/\\@#&%=+|^$<>-]/u;

const EMPHASIS: Readonly<Record<string, readonly { resolve: string; mark: string }[]>> = {
  '*': [1, 2].map((size) => ({ resolve: size === 1 ? 'Emphasis' : 'StrongEmphasis', mark: 'EmphasisMark' })),
  _: [1, 2].map((size) => ({ resolve: size === 1 ? 'Emphasis' : 'StrongEmphasis', mark: 'EmphasisMark' })),
  '~': [
    { resolve: '', mark: '' },
    { resolve: 'Deleted', mark: 'EmphasisMark' },
  ],
};

/** `*emphasis*`, `**strong**`, `***both***`, `~~deleted~~`, around words. */
const emphasis: InlineParser = {
  name: 'Emphasis',
  parse: (cx, next, pos) => {
    const sign = String.fromCharCode(next);
    const [one, two] = EMPHASIS[sign] ?? [];
    if (!one || !two) return -1;
    let end = pos;
    while (cx.char(end) === next) end++;
    const [before, after] = [signBefore(cx, pos), signAfter(cx, end)];
    const isQuoted = before === after && /["'`]/.test(before);
    const opens = !isQuoted && /[^\s\p{Pe}]/u.test(after) && !JOINED_BEFORE.test(before);
    const closes = !isQuoted && /[^\s\p{Ps}]/u.test(before) && !JOINED_AFTER.test(after);
    const size = end - pos;
    if (!(opens || closes) || size > 3 || (sign === '~' && size !== 2)) return end;
    if (size < 3) return cx.addDelimiter(size === 1 ? one : two, pos, end, opens, closes);
    const [outer, inner] = opens ? [two, one] : [one, two];
    const middle = pos + (opens ? 2 : 1);
    cx.addDelimiter(outer, pos, middle, opens, closes);
    return cx.addDelimiter(inner, middle, end, opens, closes);
  },
};

/**
 * A line belongs to a quotation if it says so by its sign, and to an item of a list if it is indented: what somebody
 * answers below what they quote is not what they quote. CommonMark would take it in (“lazy continuation”).
 */
class Paragraph implements LeafBlockParser {
  private readonly column: number;
  private readonly quotes: number;
  private readonly isInList: boolean;

  constructor(cx: BlockContext, leaf: LeafBlock) {
    const around = Array.from({ length: cx.depth }, (_, depth) => cx.parentType(depth).name);
    this.column = leaf.start - cx.lineStart;
    this.quotes = around.filter((name) => name === 'Blockquote').length;
    this.isInList = around.includes('ListItem');
  }

  nextLine(cx: BlockContext, line: Line, leaf: LeafBlock): boolean {
    if (line.markers.length >= this.quotes && !(this.isInList && line.pos < this.column)) return false;
    const end = leaf.start + leaf.content.length;
    const content = cx.parser.parseInline(leaf.content, leaf.start);
    cx.addLeafElement(leaf, cx.elt('Paragraph', leaf.start, end, content));
    return true;
  }

  finish(): boolean {
    return false;
  }
}

const chat: MarkdownConfig = {
  remove: PLAIN,
  defineNodes: ['Address', 'Deleted'],
  parseInline: [address, emphasis],
  parseBlock: [{ name: 'Paragraph', leaf: (cx, leaf) => new Paragraph(cx, leaf) }],
};

const grammar = parser.configure([chat, Table, TaskList]);
const withoutEmphasis = grammar.configure({ remove: ['Emphasis'] });

/** A sign that begins a quotation or an item of a list, with what is around it. */
const MARK = /[ \t]*(?:>|(?:[-+*]|\d{1,9}[.)])(?=[ \t]|$))[ \t]*/y;
/** What looks like one and is not meant so: `>:(`, `>10`, `+ 1`; and a line of `~`, which is no block of code. */
const NOT_MEANT = /^(?:>(?![\s>\p{L}]|$)|\+|~~~)/u;

/** Hides the first sign of a line that is not meant as one from the grammar, behind a letter. */
const withoutWhatIsNotMeant = (line: string): string => {
  let at = 0;
  for (let nested = 0; ; nested++) {
    const begin = at + (/^[ \t]*/.exec(line.slice(at))?.[0].length ?? 0);
    MARK.lastIndex = at;
    const isMark = MARK.test(line);
    if ((isMark && nested >= MAX_NESTED) || NOT_MEANT.test(line.slice(begin)))
      return `${line.slice(0, begin)}x${line.slice(begin + 1)}`;
    if (!isMark) return line;
    at = MARK.lastIndex;
  }
};

/**
 * Where markup is in a text, of what people mean by it in a chat. The tree has positions and no text: whatever is not
 * markup is in the text as it was typed.
 */
export const markup = (text: string): Tree => {
  const meant = text.replace(/^[ \t]*[>+*~\d-].*$/gm, withoutWhatIsNotMeant);
  const signs = text.match(/([*_~])\1*/g)?.length ?? 0;
  return (signs > MAX_EMPHASIS_SIGNS ? withoutEmphasis : grammar).parse(meant);
};
