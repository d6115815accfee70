type Mark = [start: number, end: number];

/** In UTF-16 units; a little more where a word would be cut. */
const LENGTH = 240;
/** What stands before the first thing that was found. */
const BEFORE = 60;
/** How far the end of a word is looked for. */
const WORD = 20;

const MORE = '…';

/** A part of a text around the first mark, with the marks that are wholly in it. */
export const excerptOf = (text: string, marks: readonly Mark[]): { excerpt: string; marks: Mark[] } => {
  const first = marks[0]?.[0] ?? 0;
  const start = first <= BEFORE ? 0 : wordFrom(text, first - BEFORE, first);
  const end = start + LENGTH >= text.length ? text.length : wordUpTo(text, start + LENGTH, start);
  const excerpt = `${start > 0 ? MORE : ''}${text.slice(start, end)}${end < text.length ? MORE : ''}`;
  const moved = (start > 0 ? MORE.length : 0) - start;
  return {
    excerpt,
    marks: marks
      .filter((mark) => mark[0] >= start && mark[1] <= end)
      .map((mark): Mark => [mark[0] + moved, mark[1] + moved]),
  };
};

const wordFrom = (text: string, place: number, until: number): number => {
  const space = text.slice(place, Math.min(until, place + WORD)).search(/\s/u);
  return whole(text, space < 0 ? place : place + space + 1);
};

const wordUpTo = (text: string, place: number, since: number): number => {
  const from = Math.max(since, place - WORD);
  const spaces = [...text.slice(from, place).matchAll(/\s/gu)];
  const space = spaces.at(-1);
  return whole(text, space ? from + space.index : place);
};

/** Not between the halves of a pair, nor before what belongs to the character before it. */
const whole = (text: string, place: number): number => {
  let at = place;
  while (at < text.length && /^(?:[\uDC00-\uDFFF]|\p{M}|\u200D)/u.test(text.slice(at, at + 1))) at++;
  return at;
};
