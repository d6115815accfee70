interface Closable {
  close(): void;
}

const opened = new Set<Closable>();

// the fault harness and the bench have no test file, and end with their process
if (typeof afterAll === 'function') afterAll(() => opened.forEach((one) => one.close()));

/** Closed when the test file ends, whatever became of its tests: what is left open keeps Jest's worker from leaving. */
export const closedAtLast = (one: Closable): void => void opened.add(one);
