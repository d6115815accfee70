import { setTimeout as pause } from 'node:timers/promises';

/** Does a piece of work, and rests for as long as it took: who does nothing else is busy for half of the time. */
export const unhurried = async <T>(work: () => Promise<T>): Promise<T> => {
  const from = performance.now();
  const done = await work();
  await pause(performance.now() - from);
  return done;
};
