/** Width of a bucket: a value is known to within one percent. */
const GROWTH = Math.log(1.02);

/** Counts of durations in buckets of growing width, so that those of several processes can be added up. */
export class Histogram {
  constructor(private readonly counts = new Map<number, number>()) {}

  static from(pairs: Iterable<readonly [number, number]>): Histogram {
    return new Histogram(new Map(pairs));
  }

  /** @param ms below a microsecond counts as one */
  add(ms: number): void {
    const bucket = Math.round(Math.log(Math.max(ms, 0.001)) / GROWTH);
    this.counts.set(bucket, (this.counts.get(bucket) ?? 0) + 1);
  }

  merge(other: Histogram): void {
    for (const [bucket, n] of other.counts) this.counts.set(bucket, (this.counts.get(bucket) ?? 0) + n);
  }

  get total(): number {
    return [...this.counts.values()].reduce((sum, n) => sum + n, 0);
  }

  /** Milliseconds that a share of all values does not exceed; NaN where there are none. */
  quantile(share: number): number {
    const rank = Math.ceil(this.total * share);
    let seen = 0;
    for (const [bucket, n] of [...this.counts].sort(([a], [b]) => a - b))
      if ((seen += n) >= rank) return Math.exp(bucket * GROWTH);
    return NaN;
  }

  toJSON(): [number, number][] {
    return [...this.counts];
  }
}
