/** A commit that has begun, and was not told yet. */
export interface Commit {
  /** Nothing that it writes is older. */
  readonly since: Date;
  /** By `performance.now()`. */
  readonly begun: number;
}

/**
 * Since when something that this process has committed may be untold. It is reckoned by the database's clock, which
 * gives entries their times: what begins after a moment writes nothing older.
 */
export class ToldCursor {
  private readonly underWay = new Set<Commit>();
  private doubted: Commit | undefined;

  /** @param now a moment of the database's clock that has passed */
  constructor(private now: Date) {}

  /** To be called before anything is written. */
  begin(): Commit {
    const commit = { since: this.now, begun: performance.now() };
    this.underWay.add(commit);
    return commit;
  }

  /** It is told, or has written nothing. */
  end(commit: Commit): void {
    this.underWay.delete(commit);
  }

  /** It may have written something, and nobody may have been told. */
  doubt(commit: Commit): void {
    this.underWay.delete(commit);
    if (!this.doubted || commit.since < this.doubted.since) this.doubted = commit;
  }

  /** For how long something may have been untold, in milliseconds; 0 where nothing is. */
  get untoldMs(): number {
    const begun = [...this.underWay, ...(this.doubted ? [this.doubted] : [])].map((commit) => commit.begun);
    return begun.length > 0 ? performance.now() - Math.min(...begun) : 0;
  }

  /** Everything is told. */
  get isClear(): boolean {
    return this.doubted === undefined && this.underWay.size === 0;
  }

  /**
   * All that is in doubt, to be told again from its moment on, and then ended; or doubted once more. What comes into
   * doubt meanwhile is not part of it.
   */
  takeDoubted(): Commit | undefined {
    if (!this.doubted) return undefined;
    const commit = this.doubted;
    this.underWay.add(commit);
    this.doubted = undefined;
    return commit;
  }

  /** Everything that was committed before is told. */
  get toldAt(): Date {
    const moments = [
      this.now,
      this.doubted?.since ?? this.now,
      ...[...this.underWay].map(({ since }) => since),
    ];
    return moments.reduce((least, moment) => (moment < least ? moment : least));
  }

  /** The database's clock has come so far. */
  tick(now: Date): void {
    if (now > this.now) this.now = now;
  }
}
