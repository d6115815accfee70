/**
 * Work that has to be done although nobody asks for it: in rounds, of which there is one at a time. What a round does not
 * find, the next one does.
 */
export class Rounds {
  private timer?: NodeJS.Timeout;
  private running?: Promise<void> | undefined;
  private stopped = false;

  /**
   * @param round does what there is to do, and leaves off where {@link isStopping}
   * @param failed is told why a round failed; the next one comes all the same
   */
  constructor(
    private readonly round: () => Promise<void>,
    private readonly failed: (error: unknown) => void,
  ) {}

  get isStopping(): boolean {
    return this.stopped;
  }

  /** Begins a round each so many milliseconds. Keeps no process alive. */
  every(ms: number): void {
    this.timer = setInterval(() => this.begin(), ms).unref();
  }

  /** Begins one now, unless one is under way. */
  begin(): void {
    this.running ??= this.round()
      .catch(this.failed)
      .finally(() => (this.running = undefined));
  }

  /** No more come. @returns when the one that is under way has ended */
  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.running;
  }
}
