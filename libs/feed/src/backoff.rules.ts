/**
 * How long to wait before another try: doubles with each failure up to a bound, half of it by chance, so that
 * those who failed together do not come back together.
 * @param failures in a row, at least 1
 * @param random between 0 and 1
 * @returns milliseconds, between 50 and 5,000
 */
export const backoffMs = (failures: number, random = Math.random()): number =>
  Math.min(100 * 2 ** (failures - 1), 5_000) * (0.5 + random / 2);
