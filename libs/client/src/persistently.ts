import { backOff } from './backoff';
import { mayGoThrough } from './errors';

/** Together some twenty seconds: then whoever shows it says that it did not work. */
const TRIES = 6;

/**
 * Asks until there is an answer: what a bad network has swallowed is asked again, later and later. For reads, and for
 * what is harmless to do twice.
 * @throws VecheError at once where the server says no, and the last one where nothing helps
 */
export const persistently = async <T>(read: () => Promise<T>): Promise<T> => {
  for (let failures = 1; ; failures++) {
    try {
      return await read();
    } catch (error) {
      if (failures >= TRIES || !mayGoThrough(error)) throw error;
      await backOff(failures);
    }
  }
};
