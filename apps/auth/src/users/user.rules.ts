/** What makes two names the same, and what searches compare: the name without regard to case and width. */
export const nameKey = (name: string): string => name.normalize('NFKC').toLowerCase();

/** A LIKE pattern for what begins with a text; `%`, `_` and `\` in it stand for themselves. */
export const beginningWith = (text: string): string => `${literal(text)}%`;

/** A LIKE pattern for what has a text in it. */
export const containing = (text: string): string => `%${literal(text)}%`;

const literal = (text: string): string => text.replace(/[\\%_]/g, '\\$&');
