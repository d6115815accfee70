import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Everything that this process measures. */
export const registry = new Registry();

/** From a millisecond to ten seconds: what a person or a caller waits for. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * How often something has happened. A label takes a few values that the code knows, and never a user, a room or what
 * a stranger has sent: each value is a series of its own for as long as the process runs.
 * @param name as Prometheus' conventions have it: `veche_…_total`
 */
export const counter = <L extends string = never>(
  name: string,
  help: string,
  ...labelNames: L[]
): Counter<L> => new Counter({ name, help, labelNames, registers: [registry] });

/**
 * How large something was, or how long it took: seconds unless there are buckets.
 * @param name with its unit: `veche_…_seconds`
 */
export const histogram = <L extends string = never>(
  name: string,
  help: string,
  labelNames: L[] = [],
  buckets: number[] = SECONDS,
): Histogram<L> => new Histogram({ name, help, labelNames, buckets, registers: [registry] });

/** Seconds since a moment of `performance.now()`. */
export const secondsSince = (began: number): number => (performance.now() - began) / 1000;

/** A value that goes up and down, counted where it changes. */
export const gauge = <L extends string = never>(name: string, help: string, ...labelNames: L[]): Gauge<L> =>
  new Gauge({ name, help, labelNames, registers: [registry] });

/** What is looked up when somebody asks for it, added up over all that is watched with the same labels. */
export interface Watched<L extends string> {
  /**
   * @param look where it fails, or takes longer than a second, the value is NaN: nobody knows it
   * @returns ends the watch
   */
  watch(labels: Record<L, string>, look: () => number | Promise<number>): () => void;
}

const PATIENCE_MS = 1_000;

const looked = async (look: () => number | Promise<number>): Promise<number> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<number>((resolve) => {
    timer = setTimeout(() => resolve(NaN), PATIENCE_MS);
  });
  try {
    return await Promise.race([look(), late]);
  } catch {
    return NaN;
  } finally {
    clearTimeout(timer);
  }
};

export const watched = <L extends string = never>(
  name: string,
  help: string,
  ...labelNames: L[]
): Watched<L> => {
  const sources = new Set<{ labels: Record<L, string>; look: () => number | Promise<number> }>();
  new Gauge<L>({
    name,
    help,
    labelNames,
    registers: [registry],
    async collect() {
      const found = await Promise.all(
        [...sources].map(async ({ labels, look }) => ({ labels, value: await looked(look) })),
      );
      this.reset();
      for (const { labels, value } of found) this.inc(labels, value);
    },
  });
  return {
    watch: (labels, look) => {
      const source = { labels, look };
      sources.add(source);
      return () => sources.delete(source);
    },
  };
};
