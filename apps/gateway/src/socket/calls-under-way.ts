import { Injectable } from '@nestjs/common';

/** More would only wait longer, and each that waits holds memory. */
const MOST = 10_000;

/** The calls that have begun and are not answered yet. */
@Injectable()
export class CallsUnderWay {
  private count = 0;
  private idle: () => void = () => undefined;

  /** Whether no other call should begin. */
  get full(): boolean {
    return this.count >= MOST;
  }

  /** @returns to be called once, at the end of the call */
  begin(): () => void {
    this.count++;
    return () => {
      if (--this.count === 0) this.idle();
    };
  }

  /** Resolves when no call is under way, or after so many milliseconds. */
  async finished(withinMs: number): Promise<void> {
    if (this.count === 0) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.idle = resolve;
      timer = setTimeout(resolve, withinMs);
    });
    clearTimeout(timer);
  }
}
