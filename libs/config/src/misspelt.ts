import { closest, distance } from 'fastest-levenshtein';

/** Shorter names are near to too much that is somebody else's. */
const SHORTEST = 6;
/** Letters that are missing, wrong or too many. */
const FURTHEST = 2;

/**
 * Variables that are none of ours, and so near to one that they were surely meant for it: with `DATABSE_URL` a server
 * would start on the embedded database without a word.
 * @param given names in the environment
 * @param ours every name that is known
 * @returns a sentence for each
 */
export const misspelt = (given: readonly string[], ours: readonly string[]): string[] => {
  const known = new Set(ours);
  const candidates = ours.filter((name) => name.length >= SHORTEST);
  return given
    .filter((name) => !known.has(name) && name.length >= SHORTEST)
    .flatMap((name) => {
      const meant = closest(name.toUpperCase(), candidates);
      return distance(name.toUpperCase(), meant) <= FURTHEST ? [`${name} is unknown: is it ${meant}?`] : [];
    });
};
