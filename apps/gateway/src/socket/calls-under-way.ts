import { Injectable } from '@nestjs/common';

/** The calls that have begun and are not answered yet. */
@Injectable()
export class CallsUnderWay {
  private count = 0;
  private idle: () => void = () => undefined;

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
