import { backOff } from '../backoff';
import { asVecheError, mayGoThrough } from '../errors';

/** Tells the server how far the user has read: the newest number is enough, and one call at a time. */
export class ReadMarker {
  private wanted = 0;
  private told = 0;
  /** Of how many changes other than reading on it is known. */
  private revision = 0;
  private connections = 0;
  private telling?: Promise<void>;

  constructor(private readonly send: (seq: number) => Promise<unknown>) {}

  move(seq: number): void {
    this.wanted = Math.max(this.wanted, seq);
    void this.flush();
  }

  /** A connection begins, and the server knows of this number. */
  begin(readSeq: number, revision: number): void {
    this.takeBack(readSeq, revision);
    this.told = readSeq;
    this.connections++;
    void this.flush();
  }

  /** It was put back, here or elsewhere: what was read before that is not told any more. */
  takeBack(seq: number, revision: number): void {
    if (revision <= this.revision) return;
    this.revision = revision;
    this.wanted = this.told = seq;
  }

  /** The room is left: what comes after that begins anew. */
  forget(): void {
    this.wanted = this.told = this.revision = 0;
  }

  /** Done when the server knows, or cannot be told now. */
  async flush(): Promise<void> {
    if (this.wanted > this.told) await (this.telling ??= this.tell());
  }

  private async tell(): Promise<void> {
    try {
      for (let failures = 0; this.wanted > this.told;) {
        const { wanted: seq, connections } = this;
        try {
          await this.send(seq);
          this.told = Math.max(this.told, seq);
          failures = 0;
        } catch (error) {
          if (asVecheError(error).code === 'unreachable') {
            // the next connection begins with it, unless it has begun while this was under way
            if (connections === this.connections) return;
          } else if (mayGoThrough(error)) await backOff(++failures);
          else this.wanted = this.told;
        }
      }
    } finally {
      // not a turn later: a number that comes in between would be nobody's
      this.telling = undefined;
    }
  }
}
