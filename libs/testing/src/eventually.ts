import { setTimeout as pause } from 'node:timers/promises';

/**
 * Waits until a condition holds, and gives what it answered. A condition that throws does not hold yet.
 * @param within milliseconds; what holds at once is not slower for it, and a machine with other work has its time
 * @throws Error when it did not come to hold in time, with what it threw last as its cause
 */
export const eventually = async <T>(
  condition: () => T | Promise<T>,
  { within = 30_000 }: { within?: number } = {},
): Promise<Exclude<Awaited<T>, false | undefined | null>> => {
  const until = performance.now() + within;
  for (;;) {
    let cause: unknown;
    try {
      const answer = await condition();
      if (answer !== false && answer !== undefined && answer !== null)
        return answer as Exclude<Awaited<T>, false | undefined | null>;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > until)
      throw new Error(`not so within ${within} ms: ${condition.toString()}`, { cause });
    await pause(10);
  }
};
