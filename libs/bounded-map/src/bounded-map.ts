/**
 * A map of at most so many entries. Beyond that, each new one takes the place of one chosen by chance: every fixed
 * choice, the oldest or the least recently used, misses everything once one key more than it holds is asked for in
 * turn, and a crowd of connections asks in turn. With chance a few keys too many cost a few misses.
 */
export class BoundedMap<K, V> {
  private readonly places = new Map<K, number>();
  private readonly entries: { readonly key: K; value: V }[] = [];

  /**
   * @param bound at least 1
   * @param random between 0 and 1, without 1
   */
  constructor(
    private readonly bound: number,
    private readonly random: () => number = Math.random,
  ) {}

  get size(): number {
    return this.entries.length;
  }

  get(key: K): V | undefined {
    const place = this.places.get(key);
    return place === undefined ? undefined : this.entries[place]?.value;
  }

  has(key: K): boolean {
    return this.places.has(key);
  }

  set(key: K, value: V): this {
    const entry = this.entries[this.places.get(key) ?? -1];
    if (entry) entry.value = value;
    else this.add(key, value);
    return this;
  }

  delete(key: K): boolean {
    const place = this.places.get(key);
    if (place === undefined) return false;
    this.places.delete(key);
    // the last one moves into the gap
    const last = this.entries.pop();
    if (last && place < this.entries.length) this.put(place, last.key, last.value);
    return true;
  }

  clear(): void {
    this.places.clear();
    this.entries.length = 0;
  }

  /** In no order. What it gave may be deleted meanwhile, and nothing else. */
  *[Symbol.iterator](): Generator<[K, V]> {
    // backwards: what a deletion moves was given already
    for (let place = this.entries.length - 1; place >= 0; place--) {
      const entry = this.entries[place];
      if (entry) yield [entry.key, entry.value];
    }
  }

  private add(key: K, value: V): void {
    if (this.entries.length < this.bound) return this.put(this.entries.length, key, value);
    const place = Math.floor(this.random() * this.entries.length);
    const gone = this.entries[place];
    if (gone) this.places.delete(gone.key);
    this.put(place, key, value);
  }

  private put(place: number, key: K, value: V): void {
    this.entries[place] = { key, value };
    this.places.set(key, place);
  }
}
