import type { SyntaxNode } from '@lezer/common';
import { markup } from './grammar';
import { addressUrl, safeUrl } from './links';

export type Inline =
  | string
  | { type: 'strong' | 'emphasis' | 'deleted'; children: Inline[] }
  | { type: 'code'; text: string }
  | { type: 'link'; url: URL; children: Inline[] };

export interface Item {
  /** As it was typed: `24.` */
  mark: string;
  /** Where it is something to do, the sign that says whether it is done, as it was typed: `[x]` */
  task?: string;
  children: Block[];
}

export type Align = 'start' | 'center' | 'end';

export type Block =
  | { type: 'paragraph' | 'heading'; children: Inline[] }
  | { type: 'code'; text: string; language?: string }
  /** The first of its rows is its head. */
  | { type: 'table'; aligns: readonly Align[]; rows: Inline[][][] }
  | { type: 'quote'; children: Block[] }
  | { type: 'list'; ordered: boolean; items: Item[] };

/** A text beyond this has no markup, in UTF-16 units. The server's limit for messages is below the half of it. */
const MAX_LENGTH = 20_000;
/** So many elements has a message; what follows is as it was typed. */
const MAX_ELEMENTS = 800;
/** So deep may an element be in others; what is deeper is as it was typed. */
const MAX_DEPTH = 24;

/** What emphasis is for: of nothing but signs it is none, `*_*` is a face. */
const WORD = /[\p{L}\p{N}\p{S}]/u;
const VISIBLE = /[^\s\p{C}]/u;
/** The name of a language after the sign of a block of code; anything else there is the code's first line. */
const LANGUAGE = /^[\w+#.-]{1,24}$/;

/**
 * What a message says. Everything that was typed is in it, but for the signs of the markup that it has; markup with
 * nothing in it is the signs that were typed. Time, depth and the number of elements have a bound for every text.
 */
export const parse = (text: string): Block[] => {
  const typed = text.replace(/\r\n?/g, '\n');
  const blocks = typed.length <= MAX_LENGTH ? new Reading(typed).all() : undefined;
  return blocks ?? [paragraph(typed)];
};

/** Between which offsets, and what is marked there. */
interface Part {
  from: number;
  to: number;
  children: readonly SyntaxNode[];
}

/** What a part is in. */
interface Around {
  depth: number;
  /** How many quotations: each line begins with that many of their signs. */
  quotes: number;
  inList: boolean;
  inLink: boolean;
}

const EMPHASIS: Readonly<Record<string, 'strong' | 'emphasis' | 'deleted'>> = {
  StrongEmphasis: 'strong',
  Emphasis: 'emphasis',
  Deleted: 'deleted',
};

const paragraph = (...children: Inline[]): Block => ({ type: 'paragraph', children });

const childrenOf = (node: SyntaxNode): SyntaxNode[] => {
  const children = [];
  for (let child = node.firstChild; child; child = child.nextSibling) children.push(child);
  return children;
};

const isLink = (node: SyntaxNode): boolean => node.name === 'Address' || node.name === 'URL';

/** One text, being read: its markup has positions in it. */
class Reading {
  private left = MAX_ELEMENTS;

  constructor(private readonly text: string) {}

  all(): Block[] | undefined {
    return this.blocks(markup(this.text).topNode, { depth: 0, quotes: 0, inList: false, inLink: false });
  }

  /** The blocks of a part; undefined if there is nothing in any of them. */
  private blocks(node: SyntaxNode, around: Around): Block[] | undefined {
    const blocks: Block[] = [];
    let isEmpty = true;
    for (const child of childrenOf(node)) {
      if (child.name === 'QuoteMark' || child.name === 'ListMark') continue;
      if (!this.mayHold(around)) {
        blocks.push(paragraph(this.typed(child.from, node.to, around)));
        isEmpty = false;
        break;
      }
      const block = this.block(child, around);
      if (block) isEmpty = false;
      blocks.push(block ?? paragraph(this.typed(child.from, child.to, around)));
    }
    return isEmpty ? undefined : blocks;
  }

  private block(node: SyntaxNode, around: Around): Block | undefined {
    const { depth, quotes } = around;
    switch (node.name) {
      case 'FencedCode':
        return this.code(node, around);
      case 'Blockquote': {
        const children = this.blocks(node, { ...around, depth: depth + 1, quotes: quotes + 1 });
        return children && { type: 'quote', children };
      }
      case 'BulletList':
      case 'OrderedList':
        return this.list(node, { ...around, depth: depth + 1, inList: true });
      case 'Table':
        return this.table(node, around);
      case 'Task':
        // its sign is told by the item of the list
        return paragraph(
          ...this.inlines(
            {
              from: Math.min((node.firstChild?.to ?? node.from) + 1, node.to),
              to: node.to,
              children: childrenOf(node).slice(1),
            },
            around,
          ),
        );
      case 'Paragraph':
        return paragraph(
          ...this.inlines({ ...this.withIndent(node, around), children: childrenOf(node) }, around),
        );
      default:
        return this.heading(node, around);
    }
  }

  /** What is typed in columns keeps them: a paragraph begins where its line does. */
  private withIndent({ from, to }: SyntaxNode, { quotes, inList }: Around): { from: number; to: number } {
    let start = from;
    if (quotes === 0 && !inList) while (/[ \t]/.test(this.text.charAt(start - 1))) start--;
    return { from: start, to };
  }

  private heading(node: SyntaxNode, around: Around): Block | undefined {
    const [mark, ...rest] = childrenOf(node);
    const from = mark?.to ?? node.from;
    const part = { from: from + 1, to: node.to, children: rest.filter(({ name }) => name !== 'HeaderMark') };
    return VISIBLE.test(this.text.slice(from, node.to))
      ? { type: 'heading', children: this.inlines(part, around) }
      : undefined;
  }

  private code(node: SyntaxNode, around: Around): Block | undefined {
    const info = node.getChild('CodeInfo');
    const first = info ? this.text.slice(info.from, info.to) : '';
    const lines = node.getChildren('CodeText').map(({ from, to }) => this.typed(from, to, around));
    const code = lines.join('');
    if (!VISIBLE.test(code)) return undefined;
    if (!first) return { type: 'code', text: code };
    return LANGUAGE.test(first)
      ? { type: 'code', text: code, language: first }
      : { type: 'code', text: `${first}\n${code}` };
  }

  /** Of a head and at least one row, all of whose cells are shown: what is more in a row than in its head, too. */
  private table(node: SyntaxNode, around: Around): Block | undefined {
    const [head, ...rows] = childrenOf(node).filter(({ name }) => /^Table(Header|Row)$/.test(name));
    const delimiter = node.getChild('TableDelimiter');
    if (!head || !delimiter || rows.length === 0) return undefined;
    const shown = [];
    for (const row of [head, ...rows]) {
      const cells = [];
      for (const cell of row.getChildren('TableCell')) {
        if (!this.mayHold(around)) return undefined;
        cells.push(this.inlines({ from: cell.from, to: cell.to, children: childrenOf(cell) }, around));
      }
      shown.push(cells);
    }
    const signs = this.text
      .slice(delimiter.from, delimiter.to)
      .split('|')
      .filter((sign) => sign.trim());
    return { type: 'table', aligns: signs.map(alignOf), rows: shown };
  }

  private list(node: SyntaxNode, around: Around): Block | undefined {
    const items: Item[] = [];
    let isEmpty = true;
    for (const child of childrenOf(node)) {
      const mark = child.getChild('ListMark');
      if (!mark) continue;
      if (!this.mayHold(around)) {
        items.at(-1)?.children.push(paragraph(this.typed(child.from, node.to, around)));
        break;
      }
      const children = this.blocks(child, around);
      if (children) isEmpty = false;
      const rest = this.typed(mark.to, child.to, around).trim();
      const task = children && child.getChild('Task')?.getChild('TaskMarker');
      items.push({
        mark: this.text.slice(mark.from, mark.to),
        ...(task && { task: this.text.slice(task.from, task.to) }),
        children: children ?? (rest ? [paragraph(rest)] : []),
      });
    }
    return isEmpty ? undefined : { type: 'list', ordered: node.name === 'OrderedList', items };
  }

  private inlines({ from, to, children }: Part, around: Around): Inline[] {
    const parts: Inline[] = [];
    const push = (part: Inline): void => {
      const last = parts.at(-1);
      if (typeof part !== 'string' || typeof last !== 'string') parts.push(part);
      else parts[parts.length - 1] = last + part;
    };
    let at = from;
    for (const child of children) {
      if (child.name === 'QuoteMark' || child.from < at || child.to > to) continue;
      if (child.from > at) push(this.typed(at, child.from, around));
      for (const part of this.inline(child, around)) push(part);
      at = child.to;
    }
    if (at < to) push(this.typed(at, to, around));
    return parts;
  }

  private inline(node: SyntaxNode, around: Around): Inline[] {
    const within = { ...around, depth: around.depth + 1 };
    const [first, ...rest] = childrenOf(node);
    const last = rest.at(-1);
    const typed = this.typed(node.from, node.to, around);
    const type = EMPHASIS[node.name];
    if (
      !(type || node.name === 'InlineCode' || node.name === 'Link' || isLink(node)) ||
      !this.mayHold(around)
    )
      return [typed];
    if (isLink(node)) {
      const url = addressUrl(typed);
      return [url && !around.inLink ? { type: 'link', url, children: [typed] } : typed];
    }
    if (node.name === 'Link') return this.link(node, within) ?? this.inlines(unlinked(node), within);
    if (!first || !last) return [typed];
    const inner = { from: first.to, to: last.from, children: rest.slice(0, -1) };
    const content = this.typed(inner.from, inner.to, around);
    if (type) return WORD.test(content) ? [{ type, children: this.inlines(inner, within) }] : [typed];
    // `` `a` ``: the spaces part the signs
    return [VISIBLE.test(content) ? { type: 'code', text: content.replace(/^ (.*\S.*) $/s, '$1') } : typed];
  }

  /** `[its text](https://…)`; undefined if it leads nowhere, or elsewhere than its text says. */
  private link(node: SyntaxNode, within: Around): Inline[] | undefined {
    const target = node.getChild('URL');
    const [open, close] = node.getChildren('LinkMark');
    if (!target || !open || !close || within.inLink || node.getChild('LinkTitle')) return undefined;
    const url = safeUrl(
      this.text
        .slice(target.from, target.to)
        .replace(/^<(.*)>$/, '$1')
        .replace(/\\([()])/g, '$1'),
    );
    const says = this.text.slice(open.to, close.from);
    const label = {
      from: open.to,
      to: close.from,
      children: childrenOf(node).filter(({ to }) => to <= close.from),
    };
    const leadsElsewhere = label.children.some(
      (child) =>
        child.name === 'Address' && addressUrl(this.text.slice(child.from, child.to))?.href !== url?.href,
    );
    if (!url || leadsElsewhere || !VISIBLE.test(says)) return undefined;
    return [{ type: 'link', url, children: this.inlines(label, { ...within, inLink: true }) }];
  }

  /** As it was typed, without the signs that begin each line of what it is in. */
  private typed(from: number, to: number, { quotes, inList }: Around): string {
    const text = this.text.slice(from, to);
    if (quotes === 0 && !inList) return text;
    return text.replace(new RegExp(`\\n(?:[ \\t]*>){0,${quotes}}${inList ? '[ \\t]*' : ' ?'}`, 'g'), '\n');
  }

  private mayHold({ depth }: Around): boolean {
    return depth < MAX_DEPTH && this.left-- > 0;
  }
}

/** `:---`, `:--:`, `---:` */
const alignOf = (sign: string): Align => {
  const typed = sign.trim();
  if (!typed.endsWith(':')) return 'start';
  return typed.startsWith(':') ? 'center' : 'end';
};

/** What is left of a link that is none: what else is marked in it. */
const unlinked = (node: SyntaxNode): Part => ({
  from: node.from,
  to: node.to,
  children: childrenOf(node).filter(({ name }) => !['LinkMark', 'LinkTitle', 'LinkLabel'].includes(name)),
});
