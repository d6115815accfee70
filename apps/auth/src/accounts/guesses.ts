import { Injectable, Logger } from '@nestjs/common';
import type { UserPrincipal } from '@veche/access';
import { Config } from '@veche/config';
import { AppError } from '@veche/errors';
import { Budgets, networkOf, rateLimited } from '@veche/limits';
import { createHash } from 'node:crypto';
import { Clock } from '../clock';
import { SessionsRepository } from '../sessions/sessions.repository';
import { type Familiar, networkPurse, type Purse, pursesOf, sessionPurses } from './guess.rules';

interface LoginAttempt {
  /** What was typed, by its key. */
  readonly name: string;
  readonly userId: string | undefined;
  readonly clientIp: string | undefined;
  readonly device: string | undefined;
}

/** Counts wrong passwords, for all doors, and across replicas where there is a Redis. Right ones cost nothing. */
@Injectable()
export class Guesses {
  private readonly security = new Logger('Security');

  constructor(
    private readonly budgets: Budgets,
    private readonly sessions: SessionsRepository,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  /**
   * Whether a password is right, where one may still be tried.
   * @throws AppError `rate_limited`, with the seconds after which to come again
   */
  async atLogin(attempt: LoginAttempt, isRight: () => Promise<boolean>): Promise<boolean> {
    const { name, userId, clientIp, device } = attempt;
    // what was typed may be a password
    const account = userId ?? createHash('sha256').update(name).digest('base64url');
    const network = networkOf(clientIp);
    const purses = pursesOf(
      { account, network, device },
      await this.familiar(userId),
      this.config.AUTH_RATE_LIMIT,
    );
    return this.within(purses, { address: clientIp, user: userId }, isRight);
  }

  /** The same by somebody who is signed in. */
  bySession(
    { sessionId, userId }: UserPrincipal,
    clientIp: string | undefined,
    isRight: () => Promise<boolean>,
  ): Promise<boolean> {
    return this.within(sessionPurses(sessionId), { address: clientIp, user: userId }, isRight);
  }

  /** Counts an account that is being made. @throws AppError `rate_limited` */
  async atRegistration(clientIp: string | undefined): Promise<void> {
    const purses = networkPurse('registrations', networkOf(clientIp), this.config.AUTH_RATE_LIMIT);
    await this.take(purses, { address: clientIp, user: undefined });
  }

  private async within(
    purses: readonly Purse[],
    who: { address: string | undefined; user: string | undefined },
    isRight: () => Promise<boolean>,
  ): Promise<boolean> {
    // before it is known, or of a thousand at once all would be tried
    await this.take(purses, who);
    let counts = false;
    try {
      const right = await isRight();
      counts = !right;
      return right;
    } finally {
      if (!counts) await this.giveBack(purses);
    }
  }

  private async take(
    purses: readonly Purse[],
    who: { address: string | undefined; user: string | undefined },
  ): Promise<void> {
    const taken: Purse[] = [];
    for (const purse of purses) {
      const waitMs = await this.budgets.take(purse.key, purse, this.clock.now().getTime());
      if (waitMs > 0) {
        await this.giveBack(taken);
        rateLimited.inc({ limit: 'guesses' });
        this.security.warn(who, 'too many failures, not tried');
        throw new AppError('rate_limited', { retryAfter: Math.ceil(waitMs / 1000) });
      }
      taken.push(purse);
    }
  }

  private async giveBack(purses: readonly Purse[]): Promise<void> {
    const now = this.clock.now().getTime();
    await Promise.all(purses.map((purse) => this.budgets.giveBack(purse.key, purse, now)));
  }

  private async familiar(userId: string | undefined): Promise<Familiar> {
    const places = userId === undefined ? [] : await this.sessions.listPlaces(userId);
    return {
      networks: new Set(places.map(({ ip }) => networkOf(ip))),
      devices: new Set(places.flatMap(({ deviceKey }) => deviceKey ?? [])),
    };
  }
}
