/** Where we are in the partitions that we read, by topic and partition. It outlives connections. */
export class Positions {
  readonly offsets = new Map<string, bigint>();
  /** Where each of them ends, as the broker has said last. */
  private readonly ends = new Map<string, bigint>();
  /** How many partitions each topic has had, as long as we have known it: by its id, which changes if it is made anew. */
  private readonly counts = new Map<string, number[]>();

  endsAt(key: string, offset: bigint): void {
    this.ends.set(key, offset);
  }

  /** How many records lie between where we are and the ends. */
  get behind(): number {
    let sum = 0n;
    for (const [key, offset] of this.offsets) {
      const end = this.ends.get(key) ?? offset;
      if (end > offset) sum += end - offset;
    }
    return Number(sum);
  }

  /** Where we are no more counts. */
  leave(key: string): void {
    this.offsets.delete(key);
    this.ends.delete(key);
  }

  clear(): void {
    this.offsets.clear();
    this.ends.clear();
  }

  static key(topicId: string, partition: number): string {
    return `${topicId}:${partition}`;
  }

  /**
   * Where a topic has grown, parts move to partitions that were empty, so nothing before is missed in them. Those who
   * write may go on for a moment where they used to: what was read is read further.
   * @returns the partitions of these parts
   */
  partitionsOf(topicId: string, count: number, shards: ReadonlySet<number>): ReadonlySet<number> {
    const counts = this.counts.get(topicId) ?? [count];
    this.counts.set(topicId, counts);
    const last = counts.at(-1) ?? count;
    if (count > last) {
      counts.push(count);
      for (const shard of shards) {
        const key = Positions.key(topicId, shard % count);
        if (shard % count >= last && !this.offsets.has(key)) this.offsets.set(key, 0n);
      }
    }
    return new Set([...shards].flatMap((shard) => counts.map((of) => shard % of)));
  }
}
