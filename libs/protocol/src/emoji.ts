/** Emoji that stand as text unless told otherwise, where nothing follows that makes them one picture with it. */
const TEXT_BY_DEFAULT =
  /(?!\p{Emoji_Presentation}|\p{Emoji_Modifier}|\p{Regional_Indicator})\p{Emoji}(?!\p{Emoji_Modifier})/gu;
const SELECTORS = /[\u{FE0E}\u{FE0F}]/gu;

/** In the one spelling that Unicode recommends: ❤ with its variation selector, 👍 without one. */
export const tidyEmoji = (text: string): string =>
  text.replace(SELECTORS, '').replace(TEXT_BY_DEFAULT, '$&\u{FE0F}');

let emoji: RegExp | undefined;
let emojis: RegExp | undefined;

// made when first needed: an older browser knows no such expressions, and can do without
const one = (): RegExp => (emoji ??= new RegExp('^\\p{RGI_Emoji}$', 'v'));
const few = (): RegExp => (emojis ??= new RegExp('^(?:\\p{RGI_Emoji}\\s*){1,6}$', 'v'));

/**
 * Whether a text is one emoji that Unicode recommends for interchange, with or without its variation selectors: also a
 * flag, a keycap, with tones of skin, and several that are joined.
 * @throws SyntaxError where regular expressions know no sets of strings (browsers before 2023)
 */
export const isEmoji = (text: string): boolean => one().test(tidyEmoji(text));

/**
 * Whether a text is nothing but one to six emoji.
 * @throws SyntaxError as {@link isEmoji}
 */
export const isFewEmoji = (text: string): boolean => text.length <= 300 && few().test(tidyEmoji(text.trim()));
