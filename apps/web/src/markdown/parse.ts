import type { Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmAutolinkLiteralFromMarkdown } from 'mdast-util-gfm-autolink-literal';
import { gfmStrikethroughFromMarkdown } from 'mdast-util-gfm-strikethrough';
import { gfmAutolinkLiteral } from 'micromark-extension-gfm-autolink-literal';
import { gfmStrikethrough } from 'micromark-extension-gfm-strikethrough';

/** What a chat has no use for: it stays the text that it is. HTML first of all. */
const PLAIN = [
  'htmlFlow',
  'htmlText',
  'definition',
  'labelStartImage',
  'setextUnderline',
  'codeIndented',
  'thematicBreak',
];

const options = {
  extensions: [gfmAutolinkLiteral(), gfmStrikethrough(), { disable: { null: PLAIN } }],
  mdastExtensions: [gfmAutolinkLiteralFromMarkdown(), gfmStrikethroughFromMarkdown()],
};

/** What a message says, as a tree. There is no HTML in it, and no way to it. */
export const parse = (text: string): Root => fromMarkdown(text, options);

/** Where a link may lead; everything else (`javascript:`, `data:` …) is text. */
export const safeUrl = (url: string): URL | undefined => {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    return undefined;
  }
  return ['https:', 'http:', 'mailto:'].includes(parsed.protocol) ? parsed : undefined;
};
