import { Injectable } from '@nestjs/common';
import { Config } from '@veche/config';
import { AppError } from '@veche/errors';

const WINDOW_MS = 10_000;

/** What each user's calls have cost in the present ten seconds, on all their connections to this process. */
@Injectable()
export class CallRates {
  private window = 0;
  private readonly counts = new Map<string, number>();

  constructor(private readonly config: Config) {}

  /**
   * What a call costs may go beyond what is left, so that none costs too much to be ever made.
   * @throws AppError `rate_limited` when nothing is left
   */
  spend(userId: string, cost = 1, now = Date.now()): void {
    const window = Math.floor(now / WINDOW_MS);
    if (window !== this.window) this.counts.clear();
    this.window = window;
    const spent = this.counts.get(userId) ?? 0;
    if (spent >= this.config.RATE_LIMIT) {
      const seconds = Math.ceil(((window + 1) * WINDOW_MS - now) / 1000);
      throw new AppError('rate_limited', { detail: `Try again in ${seconds} s` });
    }
    this.counts.set(userId, spent + cost);
  }
}
