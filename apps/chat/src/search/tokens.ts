import { stemmer as stemOfEnglish } from '@orama/stemmers/english';
import { stemmer as stemOfRussian } from '@orama/stemmers/russian';
import { fold } from '@veche/protocol';

/** Scripts without spaces between words, and Korean, whose words grow at their ends: found by any two characters. */
const UNSPACED =
  '[\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\u30FC\\p{sc=Hangul}\\p{sc=Bopomofo}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}]';
/** What is not seen, within a word: soft hyphens, joiners. */
const UNSEEN = '\\u00AD\\u200B-\\u200D\\u2060';
/** In this order: flags, pictures, one character of an unspaced script with its marks, a word or a number. */
const TOKEN = new RegExp(
  `(\\p{RI}{2}|\\p{Extended_Pictographic})|(${UNSPACED}[\\p{M}${UNSEEN}]*)|((?:(?!${UNSPACED})[\\p{L}\\p{N}\\p{M}${UNSEEN}])+)`,
  'gu',
);

/** What is longer is found by its beginning: no word of any language, and a bound for the index. */
const LONGEST = 64;

export interface Token {
  /** Where it stands in the text, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /** As it is compared: folded. */
  readonly text: string;
  /** What its forms share; the text itself where its language is none of those whose forms are known. */
  readonly stem: string;
  /** One character of a script without spaces: it belongs together with what touches it. */
  readonly wide: boolean;
}

const LATIN = /^[a-z]+$/;
const CYRILLIC = /^[а-я]+$/;

/** Folding takes й for и, and the endings of Russian are known by it. */
const forRussian = (word: string): string =>
  word
    .toLowerCase()
    .normalize('NFKD')
    .replace(/(?!(?<=и)\u0306)\p{M}/gu, '')
    .normalize('NFC')
    .replace(/[\p{Default_Ignorable_Code_Point}]/gu, '');

const stemOf = (word: string, folded: string): string => {
  if (LATIN.test(folded)) return stemOfEnglish(folded);
  if (!CYRILLIC.test(folded)) return folded;
  const russian = forRussian(word);
  return CYRILLIC.test(russian) ? fold(stemOfRussian(russian)) : folded;
};

/** A text as the index and a search see it: both come through here, so that what is indexed is found. */
export const tokensOf = (text: string): Token[] => {
  const tokens: Token[] = [];
  for (const { 0: whole, 2: wide, 3: word, index } of text.matchAll(TOKEN)) {
    const folded = cut(fold(whole));
    if (folded === '') continue;
    const stem = word === undefined ? folded : cut(stemOf(word, folded));
    tokens.push({
      start: index,
      end: index + whole.length,
      text: folded,
      stem: stem || folded,
      wide: wide !== undefined,
    });
  }
  return tokens;
};

const cut = (word: string): string => (word.length <= LONGEST ? word : [...word].slice(0, LONGEST).join(''));

/** Whether two characters of an unspaced script stand side by side. */
export const touches = (one: Token | undefined, next: Token | undefined): boolean =>
  one !== undefined && next !== undefined && one.wide && next.wide && one.end === next.start;
