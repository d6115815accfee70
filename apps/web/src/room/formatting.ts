/** What a text can be made by the signs of its markup. */
export type Format = 'bold' | 'italic' | 'strike' | 'code' | 'link';

/** What stands in the place of a part of a text, and what of that is selected then. */
export interface Change {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  /** Where the selection begins and ends in the text that is changed. */
  readonly selected: readonly [from: number, to: number];
}

const MARKS = { bold: '**', italic: '_', strike: '~~', code: '`' } as const;
const FENCE = '```';
const NOWHERE = 'https://';

/** Gives a part of a text a format, or takes it away where it has it. Without a part, the caret stands between the signs. */
export const formatted = (text: string, from: number, to: number, format: Format): Change => {
  // nothing is emphasised by signs that a space stands beside
  while (from < to && /\s/.test(text.charAt(from))) from++;
  while (to > from && /\s/.test(text.charAt(to - 1))) to--;
  const part = text.slice(from, to);
  if (format === 'link') return linked(part, from, to);
  if (format === 'code' && part.includes('\n')) return fenced(text, from, to);
  const mark = MARKS[format];
  const { length } = mark;
  const isAround = (outer: string, at: number): boolean =>
    outer.slice(at - length, at) === mark &&
    outer.slice(at + part.length, at + part.length + length) === mark;
  if (isAround(text, from))
    return { from: from - length, to: to + length, text: part, selected: [from - length, to - length] };
  if (part.length > 2 * length && part.startsWith(mark) && part.endsWith(mark)) {
    const inner = part.slice(length, -length);
    return { from, to, text: inner, selected: [from, from + inner.length] };
  }
  return { from, to, text: mark + part + mark, selected: [from + length, to + length] };
};

const linked = (part: string, from: number, to: number): Change => {
  const isAddress = /^https?:\/\/\S+$/i.test(part);
  const text = isAddress ? `[](${part})` : `[${part}](${NOWHERE})`;
  // what is missing is typed next
  const address = from + part.length + 3;
  const selected =
    isAddress || !part ? ([from + 1, from + 1] as const) : ([address, address + NOWHERE.length] as const);
  return { from, to, text, selected };
};

/** Lines of code stand between lines of their own. */
const fenced = (all: string, from: number, to: number): Change => {
  const before = from === 0 || all.charAt(from - 1) === '\n' ? '' : '\n';
  const after = to === all.length || all.charAt(to) === '\n' ? '' : '\n';
  const text = `${before}${FENCE}\n${all.slice(from, to)}\n${FENCE}${after}`;
  const start = from + before.length + FENCE.length + 1;
  return { from, to, text, selected: [start, start + to - from] };
};

const KEYS: Readonly<Record<string, Format>> = { KeyB: 'bold', KeyI: 'italic', KeyK: 'link' };

interface Key {
  /** By its place: another alphabet has other letters there. */
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
}

/** What keys stand for: Ctrl or Cmd with B, I, Shift+X, and K where something is selected, as else it leads elsewhere. */
export const formatOf = (key: Key, isSelected: boolean): Format | undefined => {
  if (key.ctrlKey === key.metaKey || key.altKey) return undefined;
  if (key.shiftKey) return key.code === 'KeyX' ? 'strike' : undefined;
  const format = KEYS[key.code];
  return format === 'link' && !isSelected ? undefined : format;
};

/** Changes what stands in a field as if it were typed, so that it can be undone. */
export const apply = (field: HTMLTextAreaElement, { from, to, text, selected }: Change): void => {
  field.focus();
  field.setSelectionRange(from, to);
  const isTyped = ((): boolean => {
    try {
      // nothing else keeps what can be undone
      return text === '' ? document.execCommand('delete') : document.execCommand('insertText', false, text);
    } catch {
      return false;
    }
  })();
  if (!isTyped) {
    field.setRangeText(text, from, to);
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
  }
  field.setSelectionRange(...selected);
};
