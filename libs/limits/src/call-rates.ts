import type { Config } from '@veche/config';
import { AppError } from '@veche/errors';
import { rateLimited } from './limits.metrics';

const WINDOW_MS = 10_000;
/** Things in an answer that cost as much as a call. */
export const THINGS_A_CALL = 100;

/**
 * What each caller's calls have cost in the present ten seconds, on all their connections to this process: one for a call
 * over a socket or gRPC, and for whatever door one more for each hundred things that an answer has. A caller is a user,
 * or the network of somebody who has not signed in.
 */
export class CallRates {
  private window = 0;
  private readonly costs = new Map<string, number>();

  constructor(private readonly config: Pick<Config, 'RATE_LIMIT'>) {}

  /**
   * What a call costs may go beyond what is left, so that none costs too much to be ever made.
   * @throws AppError `rate_limited` when nothing is left
   */
  spend(caller: string, cost = 1, now = Date.now()): void {
    const seconds = this.wait(caller, now);
    if (seconds > 0) {
      rateLimited.inc({ limit: 'calls' });
      throw new AppError('rate_limited', { detail: `Try again in ${seconds} s`, retryAfter: seconds });
    }
    this.add(caller, cost);
  }

  /** An answer was made: it may have been larger than anybody knew before. @param things in it */
  answered(caller: string, things: number, now = Date.now()): void {
    this.turn(now);
    this.add(caller, Math.floor(things / THINGS_A_CALL));
  }

  /** @returns the seconds until they may call again, 0: now */
  wait(caller: string, now = Date.now()): number {
    this.turn(now);
    if ((this.costs.get(caller) ?? 0) < this.config.RATE_LIMIT) return 0;
    return Math.ceil(((this.window + 1) * WINDOW_MS - now) / 1000);
  }

  private turn(now: number): void {
    const window = Math.floor(now / WINDOW_MS);
    if (window !== this.window) this.costs.clear();
    this.window = window;
  }

  private add(caller: string, cost: number): void {
    if (cost > 0) this.costs.set(caller, (this.costs.get(caller) ?? 0) + cost);
  }
}
