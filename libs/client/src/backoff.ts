const FIRST_MS = 500;
const MAX_MS = 20_000;

/**
 * How long to wait before another try: doubles with each failure up to 20 seconds, half of it by chance, so that
 * clients that lost a server together do not come back together.
 * @param failures in a row, at least 1
 */
export const backoffMs = (failures: number, random = Math.random()): number =>
  Math.min(FIRST_MS * 2 ** (failures - 1), MAX_MS) * (0.5 + random / 2);

/** Waits for {@link backoffMs}. It holds up nobody: a program that has nothing else to do may end. */
export const backOff = (failures: number): Promise<void> =>
  new Promise((resolve) => {
    const timer: { unref?: () => void } | number = setTimeout(resolve, backoffMs(failures));
    if (typeof timer === 'object') timer.unref?.();
  });
