import { ReadAs } from '@veche/dto';

const onEach =
  (read: (text: unknown) => unknown) =>
  (...names: string[]): ClassDecorator =>
  (query) => {
    for (const name of names) {
      ReadAs(read)(query.prototype as object, name);
    }
  };

/**
 * Reads these parameters of a query as whole numbers. What isn't one stays text, and so does a parameter that
 * is given twice stay a list, for the validators to refuse.
 */
export const Numbers = onEach((value) =>
  typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : value,
);

/** Reads these parameters of a query as `true` or `false`. What is neither stays text, for the validators to refuse. */
export const Flags = onEach((value) => (value === 'true' ? true : value === 'false' ? false : value));

/** Reads these parameters of a query as lists: `?ids=a,b` and `?ids=a&ids=b` are the same. */
export const Lists = onEach((value) => [value].flat().flatMap((one) => String(one).split(',')));
