/** Letters that are written from right to left, and characters that turn what follows them. */
const TURNING = /[\p{Bidi_C}\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/**
 * A name without the characters that turn what follows them: no element and no PDI around it ends those that begin in it
 * and do not end.
 */
export const straight = (name: string): string => name.replace(/\p{Bidi_C}/gu, '');

/**
 * A name as a part of a sentence, which it must not turn around: laid out by its own first letter between the
 * characters that Unicode has for that (FSI and PDI, UAX 9).
 */
export const isolated = (name: string): string =>
  TURNING.test(name) ? `\u2068${straight(name)}\u2069` : name;

/** The same catalogue, in whose sentences every name is isolated. */
export const isolating = <Catalogue extends object>(catalogue: Catalogue): Catalogue =>
  Object.fromEntries(Object.entries(catalogue).map(([key, said]) => [key, isolatingIn(said)])) as Catalogue;

const isolatingIn = (said: unknown): unknown => {
  if (typeof said === 'function')
    return (...parts: unknown[]): unknown =>
      (said as (...parts: unknown[]) => unknown)(
        ...parts.map((part) => (typeof part === 'string' ? isolated(part) : part)),
      );
  return typeof said === 'object' && said !== null ? isolating(said) : said;
};
