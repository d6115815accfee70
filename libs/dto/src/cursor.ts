import { AppError } from '@veche/errors';
import { isUUID } from 'class-validator';

/** The types of what a cursor holds, in their order. */
type Kind = 'uuid' | 'text' | 'integer';
type Position<K extends readonly Kind[]> = {
  -readonly [I in keyof K]: K[I] extends 'integer' ? number : string;
};

const FITS: Record<Kind, (value: unknown) => boolean> = {
  uuid: (value) => isUUID(value),
  text: (value) => typeof value === 'string' && !value.includes('\0') && value.isWellFormed(),
  integer: (value) => Number.isSafeInteger(value),
};

/**
 * Where a page ended: the sort key of its last row, opaque to clients and safe in a URL. A page that follows a
 * key, unlike one that follows an offset, neither repeats nor skips when rows come and go.
 */
export const writeCursor = (position: readonly (string | number)[]): string =>
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

const parsed = (cursor: string): unknown => {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
};
