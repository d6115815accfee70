import type { MessageCreated } from './entries';

/** What a message may have besides its words. */
export const HAS = ['link', 'code'] as const;
/** What a message may have for `has:` to find it. */
export type Has = (typeof HAS)[number];

export const SEARCH_ORDERS = ['best', 'newest'] as const;
/** The newest first, or what fits best. */
export type SearchOrder = (typeof SEARCH_ORDERS)[number];

/** The most characters of a search. */
export const MAX_SEARCH = 256;

/** A message that was found. */
export interface SearchHit {
  roomId: string;
  seq: number;
  message: MessageCreated;
  /** A part of the message's text around what was found; never markup. */
  excerpt: string;
  /** What was found in the excerpt: from one place up to another, in UTF-16 units, in order and apart. */
  marks: [number, number][];
}

/** Words that belong together: typed without a space between them, or in quotes. */
export interface SearchText {
  readonly text: string;
  /** In quotes: found only as it stands. */
  readonly exact: boolean;
}

/** A search, read. */
export interface ParsedSearch {
  readonly texts: readonly SearchText[];
  /** Usernames, or `me`; any of them. */
  readonly from: readonly string[];
  /** Names of rooms, or their beginnings, or `@username`; any of them. */
  readonly in: readonly string[];
  /** As typed: days, or moments. Of several the narrowest counts. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** All of them. */
  readonly has: readonly Has[];
}

const QUOTES = '"“”„«»';
/** A filter with its value, something in quotes, or anything up to the next space. */
const PART = new RegExp(
  `(from|in|before|after|has):(?:[${QUOTES}]([^${QUOTES}]*)[${QUOTES}]?|(\\S+))|[${QUOTES}]([^${QUOTES}]*)(?:[${QUOTES}]|$)|([^\\s${QUOTES}]+)`,
  'giu',
);

/**
 * Reads a search as people type it: words, "exact phrases", and filters (`from:anna`, `in:"Bridge builders"`,
 * `before:2026-01-31`, `after:`, `has:link`). Total: what is no filter is something to look for, and a filter that has
 * no value yet says nothing.
 */
export const parseSearch = (search: string): ParsedSearch => {
  const texts: SearchText[] = [];
  const found = { from: [] as string[], in: [] as string[], before: [] as string[], after: [] as string[] };
  const has: Has[] = [];
  for (const [whole, filter, quoted, plain, phrase, word] of search.matchAll(PART)) {
    const value = (quoted ?? plain ?? '').trim();
    const name = filter?.toLowerCase();
    if (name === undefined) {
      const text = phrase ?? word ?? '';
      if (!/^(?:from|in|before|after|has):$/iu.test(text)) texts.push({ text, exact: phrase !== undefined });
    } else if (name === 'has') {
      const one = HAS.find((known) => known === value.toLowerCase());
      if (one) has.push(one);
      else texts.push({ text: whole, exact: false });
    } else if (name === 'before' || name === 'after') {
      // what is no day yet is being typed
      if (momentOf(value) !== undefined) found[name].push(value);
    } else if (value !== '') {
      found[name as 'from' | 'in'].push(name === 'from' ? value.replace(/^@/, '') : value);
    }
  }
  return { texts: texts.filter(({ text }) => text.trim() !== ''), ...found, has: [...new Set(has)] };
};

const DAY = /^(\d{4})-(\d\d)-(\d\d)$/;
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:\d\d)$/;

/**
 * A day, or a moment of ISO 8601 with its zone, in milliseconds since 1970; undefined for anything else, as for a day
 * that no month has.
 * @param midnight where a day begins; in UTC unless told
 */
export const momentOf = (
  value: string,
  midnight: (year: number, month: number, day: number) => number = (year, month, day) =>
    Date.UTC(year, month - 1, day),
): number | undefined => {
  const [, year, month, day] = DAY.exec(value) ?? [];
  const date = value.slice(0, 10);
  if (!DAY.test(date) || !exists(date) || date.startsWith('0000')) return undefined;
  if (year !== undefined) return midnight(Number(year), Number(month), Number(day));
  const moment = MOMENT.test(value) ? Date.parse(value) : NaN;
  return Number.isNaN(moment) ? undefined : moment;
};

/** Date takes the 30th of February for a day in March. */
const exists = (date: string): boolean => {
  const time = Date.parse(`${date}T00:00:00Z`);
  return Number.isFinite(time) && new Date(time).toISOString().startsWith(date);
};
