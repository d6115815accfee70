interface Asked<R> {
  readonly resolve: (row: R | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/** Keys that one query may ask for. */
const AT_ONCE = 500;

/**
 * Lets reads by key that wait at the same moment share a query. What is asked while none is running goes at once;
 * what is asked meanwhile goes together. A query begins after everybody whom it answers has asked, so nobody gets
 * what was true only before.
 * @param read the rows of these keys, in any order; what is not there is left out
 * @returns the row of a key, or undefined; fails as its query does
 */
export const sharedReads = <R>(
  read: (keys: readonly string[]) => Promise<readonly R[]>,
  keyOf: (row: R) => string,
): ((key: string) => Promise<R | undefined>) => {
  let waiting = new Map<string, Asked<R>[]>();
  let running = false;

  const answer = async (batch: readonly (readonly [string, readonly Asked<R>[]])[]): Promise<void> => {
    try {
      const found = new Map((await read(batch.map(([key]) => key))).map((row) => [keyOf(row), row]));
      for (const [key, asked] of batch) for (const { resolve } of asked) resolve(found.get(key));
    } catch (error) {
      for (const [, asked] of batch) for (const { reject } of asked) reject(error);
    }
  };
  const run = async (): Promise<void> => {
    running = true;
    while (waiting.size > 0) {
      const all = [...waiting];
      waiting = new Map(all.slice(AT_ONCE));
      await answer(all.slice(0, AT_ONCE));
    }
    running = false;
  };

  return (key) =>
    new Promise((resolve, reject) => {
      const asked = waiting.get(key) ?? [];
      asked.push({ resolve, reject });
      waiting.set(key, asked);
      if (!running) void run();
    });
};
