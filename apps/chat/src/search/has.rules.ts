const PATTERNS = { link: /\bhttps?:\/\/[^\s<>]/iu, code: /`[^`]+`/u };

/** Whether a text has something of this kind. */
export const hasOf = (text: string, kind: keyof typeof PATTERNS): boolean => PATTERNS[kind].test(text);
