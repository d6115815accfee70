/** What makes two usernames, or two email addresses, the same: without regard to case and width. */
export const nameKey = (name: string): string => name.normalize('NFKC').toLowerCase();

/** A LIKE pattern for what has a text in it; `%`, `_` and `\` in it stand for themselves. */
export const containing = (text: string): string => `%${literal(text)}%`;

const literal = (text: string): string => text.replace(/[\\%_]/g, '\\$&');
