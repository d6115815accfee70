/** The shortest spans are a bit longer than an hour; each level's are so many times longer: 36 hours, 48 days, 4 years. */
const SHORTEST_MS = 4_096_000;
const WIDER = 32;
const LEVELS = 4;

/** As many of one level as a search names. */
const MOST = 48;

const lengthOf = (level: number): number => SHORTEST_MS * WIDER ** level;

/** The spans of time that a moment is in, the shortest first. */
export const spansOf = (at: Date): number[] =>
  Array.from({ length: LEVELS }, (_, level) => Math.floor(at.getTime() / lengthOf(level)));

/** The shortest span that a moment is in. */
export const shortestOf = (at: number): number => Math.floor(at / SHORTEST_MS);
export const beginOf = (shortest: number): number => shortest * SHORTEST_MS;

/**
 * Spans of one level that together hold a time, and a little more at its ends; undefined where they would be too many
 * to name, and so for all time.
 * @param until of this moment nothing is in it any more
 */
export const cover = (from: number, until: number): { level: number; spans: number[] } | undefined => {
  for (let level = 0; level < LEVELS; level++) {
    const first = Math.floor(from / lengthOf(level));
    const last = Math.floor((until - 1) / lengthOf(level));
    if (last - first < MOST)
      return { level, spans: Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i) };
  }
  return undefined;
};
