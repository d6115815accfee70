import type { SearchText } from '@veche/protocol';
import { ofStem, quoted } from './lexemes';
import { type Token, tokensOf, touches } from './tokens';

/** Tokens that have to stand one after the other. */
export interface Term {
  readonly tokens: readonly Token[];
  /** Only as it stands: no other forms, and nothing that merely begins so. */
  readonly exact: boolean;
}

/** A beginning shorter than this would be found everywhere; within a name (report-v2), the end of which is short. */
const BEGINNING = 3;
const BEGINNING_WITHIN = 2;

/** What one search may ask of the index. */
const MOST_LEXEMES = 64;

export const termsOf = (texts: readonly SearchText[]): Term[] =>
  texts.flatMap(({ text, exact }) => {
    const tokens = tokensOf(text);
    return tokens.length > 0 ? [{ tokens, exact }] : [];
  });

/** Whether what only begins with the term's last word is found too. */
const isBeginning = ({ tokens, exact }: Term): boolean => {
  const last = tokens.at(-1);
  if (exact || !last || last.wide) return false;
  return [...last.text].length >= (tokens.length === 1 ? BEGINNING : BEGINNING_WITHIN);
};

const hasForms = ({ tokens, exact }: Term): boolean => !exact && tokens.length === 1;

/** What the index is asked for, and how far after the term's first token it stands. */
const wantedOf = (term: Term): { lexeme: string; offset: number }[] => {
  const { tokens } = term;
  const wanted: { lexeme: string; offset: number }[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    const next = tokens[i + 1];
    const isLast = next === undefined;
    if (next && touches(token, next)) {
      wanted.push({ lexeme: quoted(token.text + next.text), offset: i });
      // the next character is in this pair: on to the one after it, or back by one, where that ends the run
      if (touches(next, tokens[i + 2]) ? touches(tokens[i + 2], tokens[i + 3]) : true) i++;
    } else {
      const beginning = isLast && isBeginning(term) ? ':*' : '';
      wanted.push({ lexeme: `${quoted(token.text)}${beginning}`, offset: i });
    }
  }
  return wanted;
};

const queryOf = (term: Term): string => {
  const wanted = wantedOf(term);
  const [first] = wanted;
  if (wanted.length === 1 && first && hasForms(term)) {
    const stem = term.tokens[0]?.stem ?? '';
    return `(${[...new Set([first.lexeme, quoted(stem), quoted(ofStem(stem))])].join(' | ')})`;
  }
  const phrase = wanted.map(({ lexeme, offset }, i) => {
    const before = wanted[i - 1];
    return before ? `<${offset - before.offset}> ${lexeme}` : lexeme;
  });
  return `(${phrase.join(' ')})`;
};

/** How much the index is asked for. */
export const weightOf = (terms: readonly Term[]): number =>
  terms.reduce((sum, term) => sum + wantedOf(term).length, 0);

export const isTooMuch = (terms: readonly Term[]): boolean => weightOf(terms) > MOST_LEXEMES;

/** What is looked for, as the text of a tsquery; empty where there is nothing. */
export const queryOfTerms = (terms: readonly Term[]): string => terms.map(queryOf).join(' & ');

export type Mark = [start: number, end: number];

/**
 * Where a text has what is looked for, in order and apart; undefined where it lacks any of it. This is the last word:
 * what the index finds by pieces is looked at here.
 */
export const marksOf = (terms: readonly Term[], text: string): Mark[] | undefined => {
  const tokens = tokensOf(text);
  const marks: Mark[] = [];
  for (const term of terms) {
    const found = placesOf(term, tokens);
    if (found.length === 0) return undefined;
    marks.push(...found);
  }
  return apart(marks);
};

const placesOf = (term: Term, tokens: readonly Token[]): Mark[] => {
  const marks: Mark[] = [];
  const length = term.tokens.length;
  for (let at = 0; at + length <= tokens.length; at++)
    if (standsAt(term, tokens, at)) marks.push([tokens[at]?.start ?? 0, tokens[at + length - 1]?.end ?? 0]);
  return marks;
};

const standsAt = (term: Term, tokens: readonly Token[], at: number): boolean =>
  term.tokens.every((wanted, i) => {
    const token = tokens[at + i]!;
    if (touches(wanted, term.tokens[i + 1]) && !touches(token, tokens[at + i + 1])) return false;
    if (token.text === wanted.text) return true;
    if (hasForms(term) && token.stem === wanted.stem) return true;
    return i === term.tokens.length - 1 && isBeginning(term) && token.text.startsWith(wanted.text);
  });

const apart = (marks: Mark[]): Mark[] => {
  const joined: Mark[] = [];
  for (const [start, end] of marks.sort(([a], [b]) => a - b)) {
    const last = joined.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else joined.push([start, end]);
  }
  return joined;
};
