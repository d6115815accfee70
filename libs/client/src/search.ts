import { momentOf } from '@veche/protocol';
import type { SearchOptions } from './rest/api';

const DAY = /(?<=^|\s)((?:before|after):)(\d{4}-\d\d-\d\d)(?=\s|$)/giu;

/** A day of the machine that asks, as the moment at which it begins there; anything else as it is. */
const localMoment = (value: string): string => {
  const begins = momentOf(value, (year, month, day) => new Date(year, month - 1, day).getTime());
  return value.length === 'YYYY-MM-DD'.length && begins !== undefined
    ? new Date(begins).toISOString().replace(/:00\.000Z$/, 'Z')
    : value;
};

/** A search whose days are those of whoever typed them, wherever the server is. */
export const withLocalDays = (search: string): string =>
  search.replace(DAY, (_whole, name: string, day: string) => `${name}${localMoment(day)}`);

/** The same for the options beside it. */
export const withLocalMoments = ({ before, after, ...options }: SearchOptions = {}): SearchOptions => ({
  ...options,
  ...(before === undefined ? {} : { before: localMoment(before) }),
  ...(after === undefined ? {} : { after: localMoment(after) }),
});
