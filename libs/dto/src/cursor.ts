import { AppError } from '@veche/errors';
import { isUUID } from 'class-validator';

/** What a cursor holds, in its order; a time is ISO 8601 in UTC, to the microsecond; a seq is a number of a log. */
type Kind = 'uuid' | 'text' | 'time' | 'seq';
type Position<K extends readonly Kind[]> = { -readonly [I in keyof K]: string };

/** As exact as PostgreSQL keeps times: in milliseconds, a page would lose what shares its last one. */
const TIME = /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

/** Whether there is such a moment: Date takes the 30th of February for a day in March. */
const isTime = (value: unknown): boolean => {
  if (typeof value !== 'string' || !TIME.test(value)) return false;
  const time = Date.parse(value);
  return Number.isFinite(time) && new Date(time).toISOString().slice(0, 19) === value.slice(0, 19);
};

const FITS: Record<Kind, (value: unknown) => boolean> = {
  uuid: (value) => isUUID(value),
  text: (value) => typeof value === 'string' && !value.includes('\0') && value.isWellFormed(),
  time: isTime,
  seq: (value) => typeof value === 'string' && /^\d{1,15}$/.test(value),
};

/**
 * Where a page ended: the sort key of its last row, opaque to clients and safe in a URL. A page that follows a
 * key, unlike one that follows an offset, neither repeats nor skips when rows come and go.
 */
export const writeCursor = (position: readonly string[]): string =>
  Buffer.from(JSON.stringify(position)).toString('base64url');

/**
 * The other direction; undefined for the first page.
 * @throws AppError `invalid_input` for what {@link writeCursor} did not make
 */
export const readCursor = <const K extends readonly Kind[]>(
  cursor: string | undefined,
  ...kinds: K
): Position<K> | undefined => {
  if (cursor === undefined) return undefined;
  const position = parsed(cursor);
  if (
    Array.isArray(position) &&
    position.length === kinds.length &&
    kinds.every((kind, i) => FITS[kind](position[i]))
  )
    return position as Position<K>;
  throw new AppError('invalid_input', {
    errors: [{ field: 'cursor', message: 'cursor is not one of ours' }],
  });
};

/**
 * What was read for one page, as a page.
 * @param rows one more than the limit, where there are so many
 * @param position of a row: its sort key, for the next page to follow
 */
export const pageOf = <T>(
  rows: readonly T[],
  limit: number,
  position: (last: T) => readonly string[],
): { items: T[]; nextCursor: string | undefined } => {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: last && rows.length > limit ? writeCursor(position(last)) : undefined };
};

const parsed = (cursor: string): unknown => {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
};
