import { Injectable } from '@nestjs/common';
import { Config } from '@veche/config';
import { AppError } from '@veche/errors';

const WINDOW_MS = 10_000;

/** How many calls each user has made in the present ten seconds, on all their connections to this process. */
@Injectable()
export class CallRates {
  private window = 0;
  private readonly counts = new Map<string, number>();

  constructor(private readonly config: Config) {}

  /** @throws AppError `rate_limited` */
  spend(userId: string, now = Date.now()): void {
    const window = Math.floor(now / WINDOW_MS);
    if (window !== this.window) this.counts.clear();
    this.window = window;
    const count = (this.counts.get(userId) ?? 0) + 1;
    this.counts.set(userId, count);
    if (count > this.config.RATE_LIMIT) {
      const seconds = Math.ceil(((window + 1) * WINDOW_MS - now) / 1000);
      throw new AppError('rate_limited', { detail: `Try again in ${seconds} s` });
    }
  }
}
