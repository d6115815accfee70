import { progressLine, timeLeft } from './progress.rules';

/** Where progress is told: a terminal, or anything else. */
export interface Output {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const REDRAWN_MS = 200;
const PLAIN_MS = 10_000;
const ERASE_LINE = '\r\u001b[2K';

/** One line that changes where somebody watches, and one now and then where not. */
export class Progress {
  private done: number;
  private readonly begun = performance.now();
  private told = performance.now();

  /**
   * @param total rows that are to be copied
   * @param before how many of them were copied by an earlier attempt
   */
  constructor(
    private readonly output: Output,
    private readonly total: number,
    private readonly before = 0,
  ) {
    this.done = before;
  }

  add(rows: number, what: string): void {
    this.done += rows;
    const now = performance.now();
    if (now - this.told < (this.output.isTTY ? REDRAWN_MS : PLAIN_MS)) return;
    this.told = now;
    const left = timeLeft(this.done - this.before, this.total - this.before, now - this.begun);
    const line = progressLine(what, this.done, this.total, left);
    this.output.write(this.output.isTTY ? `${ERASE_LINE}${line}` : `${line}\n`);
  }

  /** Leaves the line to whatever is said next. */
  end(): void {
    if (this.output.isTTY) this.output.write(ERASE_LINE);
  }
}
