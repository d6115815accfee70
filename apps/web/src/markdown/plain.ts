/** One line of what a message says, without the signs of its markdown: for lists and notifications. */
export const plain = (text: string): string =>
  text
    .replace(/```\w*\n?/g, ' ')
    .replace(/^(?:>|#{1,6}|[-*+])\s+/gm, '')
    .replace(/\[([^\]\n]+)\]\([^)\s]+\)/g, '$1')
    .replace(/(?<![\p{L}\p{N}])[*_~`]{1,3}(?=\S)|(?<=\S)[*_~`]{1,3}(?![\p{L}\p{N}])/gu, '')
    .replace(/\s+/g, ' ')
    .trim();
