/** What has no shape of its own: space, controls, what Unicode says to ignore, blanks that count as letters, lone marks. */
const UNSEEN = /[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\p{M}\u{2800}\u{1D159}]/u;
const ALL_UNSEEN = new RegExp(`^(?:${UNSEEN.source})*$`, 'u');

/** Whether there is anything in a text for people to see. */
export const isVisible = (text: string): boolean => !ALL_UNSEEN.test(text);

/** What would reach beyond a name: controls, and what turns the direction of the text around it (UAX 9). */
const UNFIT = /[\p{Cc}\p{Bidi_Control}\u{FFF9}-\u{FFFB}]/u;

/** What is not seen, and which no name needs; joiners and selectors stay, of which scripts and emoji are made. */
const NEEDLESS =
  /(?!\u{200C}|\u{200D}|\u{FE0E}|\u{FE0F}|[\u{E0020}-\u{E007F}]|\p{Bidi_Control})\p{Default_Ignorable_Code_Point}/gu;

/** A name as it is kept: one spelling of each letter, single spaces, none around it, nothing needless in it. */
export const tidyName = (name: string): string =>
  name.normalize('NFC').replace(NEEDLESS, '').replace(/\s+/gu, ' ').trim();

/** Whether a name that is tidy can stand in a line among others, and is seen there. */
export const isFitName = (tidied: string): boolean => isVisible(tidied) && !UNFIT.test(tidied);

/** Scripts of which a character says about as much as two letters; together with pictures. */
const WIDE =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Bopomofo}\p{Extended_Pictographic}]/u;

/**
 * How much is to be seen of a name, in letters: what is not seen counts nothing, and an ideograph, a syllable or an
 * emoji two.
 */
export const nameLength = (name: string): number => {
  let length = 0;
  for (const char of name) if (!UNSEEN.test(char)) length += WIDE.test(char) ? 2 : 1;
  return length;
};

/** The least {@link nameLength} of a room's name. */
export const MIN_ROOM_NAME = 3;
/** The most characters (code points) of a room's name, and of a display name. */
export const MAX_NAME = 64;

/** Whether a room may be called so. */
export const isRoomName = (name: string): boolean => {
  const tidied = tidyName(name);
  return isFitName(tidied) && nameLength(tidied) >= MIN_ROOM_NAME && [...tidied].length <= MAX_NAME;
};

/** Whether somebody may be shown by this name. */
export const isDisplayName = (name: string): boolean => {
  const tidied = tidyName(name);
  return isFitName(tidied) && [...tidied].length <= MAX_NAME;
};

/** Letters that Unicode takes for letters of their own, and people for another one with something added. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ı: 'i',
  ł: 'l',
  ŋ: 'n',
  ŧ: 't',
  ə: 'e',
  ς: 'σ',
  ґ: 'г',
  ё: 'е',
  '’': "'",
  ʼ: "'",
  '‘': "'",
  '‐': '-',
  '‑': '-',
  '–': '-',
  '—': '-',
};
const LETTER = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'gu');
/** Accents and their like. The vowel signs of Indic scripts are marks too, and no decoration: they stay. */
const ACCENTS = /(?=\p{M})[\p{sc=Inherited}\p{sc=Hebrew}\p{sc=Cyrillic}]/gu;

/**
 * A text as searches compare it: without regard to case, accents, width and what is not seen. The server and every
 * client fold alike, or a filter would hide what was found.
 */
export const fold = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFKD')
    .replace(ACCENTS, '')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .toLowerCase()
    .replace(LETTER, (letter) => LETTERS[letter] ?? letter)
    .replace(/\s+/gu, ' ')
    .trim();

/** Scripts that put no space between words: a word may begin with any character. */
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;
const WORDLY = /[\p{L}\p{N}\p{M}]/u;

/**
 * Where words begin in a name, each with what follows it up to the next space, folded: `bob_1` is found by `bob`, by
 * `bob_` and by `1`.
 */
export const nameWords = (name: string): string[] => {
  const found = new Set<string>();
  for (const part of fold(name).split(' ')) {
    if (part === '') continue;
    found.add(part);
    let place = 0;
    let before = '';
    for (const char of part) {
      if (WORDLY.test(char) && (!WORDLY.test(before || ' ') || UNSPACED.test(char)))
        found.add(part.slice(place));
      place += char.length;
      before = char;
    }
  }
  return [...found];
};

/** What is looked for, word by word: each has to be the beginning of one of {@link nameWords}. */
export const searchWords = (search: string): string[] =>
  [...new Set(fold(search).split(' '))].filter(Boolean);

/** Whether a search finds something by its names: each word of it begins a word of one of them. */
export const isFoundBy = (search: string, ...names: readonly string[]): boolean => {
  const words = names.flatMap(nameWords);
  return searchWords(search).every((wanted) => words.some((word) => word.startsWith(wanted)));
};
