/** What is being typed behind a sign that begins a mention. */
export interface Typed {
  readonly sign: '@' | '#';
  /** What stands between the sign and the caret. */
  readonly word: string;
  /** Where the sign stands, and where the caret does. */
  readonly from: number;
  readonly to: number;
}

const BEFORE_CARET =
  /(?<![\p{Lu}\p{Ll}\p{Lt}\p{N}+%@#&=\\/])(?<sign>[@#])(?<word>[\p{L}\p{N}\p{M}_.+'’&-]{0,64})$/u;

/** The mention that somebody is typing, where the caret stands behind one. */
export const typedAt = (text: string, caret: number): Typed | undefined => {
  const { index, groups } = BEFORE_CARET.exec(text.slice(Math.max(0, caret - 80), caret)) ?? {};
  if (index === undefined || !groups) return undefined;
  const word = groups.word ?? '';
  return { sign: groups.sign === '#' ? '#' : '@', word, from: caret - word.length - 1, to: caret };
};

/** A text with a name in the place of what was typed of it, and where the caret stands then. */
export const completed = (text: string, typed: Typed, name: string): { text: string; caret: number } => {
  const rest = text.slice(typed.to);
  const put = `${typed.sign}${name}${/^\s/.test(rest) ? '' : ' '}`;
  return { text: text.slice(0, typed.from) + put + rest, caret: typed.from + put.length };
};
