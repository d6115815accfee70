import { Inject, Injectable } from '@nestjs/common';
import { AUTH, type Check, DELIVERY } from '@veche/contracts';
import { AppError } from '@veche/errors';
import { Checks } from '@veche/health';
import type { Client } from '@veche/rpc';
import { setTimeout as pause } from 'node:timers/promises';
import { v7 as uuid } from 'uuid';
import type { HealthDto } from './health.dto';

/** Shorter than the pause that load balancers make between two questions. */
const PATIENCE_MS = 700;
/**
 * A service that restarts is back by then, and what was verified counts meanwhile. A balancer that was told at once
 * would take every gateway out, because they all miss the same service.
 */
const GRACE_MS = 30_000;
const PAUSE_MS = 500;

/**
 * What a service lacks and can do without, by its name and in the service's words.
 * @throws Error with what keeps it from its work
 */
const lackingOf = (checks: readonly Check[]): string => {
  const wrong = checks.filter(({ ok }) => !ok);
  const vital = wrong.filter((one) => one.vital).map(({ detail }) => detail);
  if (vital.length > 0) throw new Error(vital.join('; '));
  return wrong.map(({ name, detail }) => `${name}: ${detail}`).join('; ');
};

/** Whether this gateway can serve: whether auth and chat are there, and able to do their work. */
@Injectable()
export class HealthService {
  private lastAble = Number.NEGATIVE_INFINITY;

  private readonly checks = new Checks([
    { name: 'auth', vital: true, look: () => this.ask((context) => this.auth.getAuthHealth({}, context)) },
    {
      name: 'chat',
      vital: true,
      look: () => this.ask((context) => this.delivery.getChatHealth({}, context)),
    },
  ]);

  constructor(
    @Inject(AUTH.token) private readonly auth: Client<typeof AUTH.definition>,
    @Inject(DELIVERY.token) private readonly delivery: Client<typeof DELIVERY.definition>,
  ) {}

  async ready(): Promise<HealthDto> {
    const found = await this.checks.found();
    const able = await this.checks.able();
    const now = performance.now();
    if (able) this.lastAble = now;
    const status = able ? 'ok' : now - this.lastAble < GRACE_MS ? 'degraded' : 'unavailable';
    const checks = found.map(({ name, ok, detail }) => ({ name, ok, ...(detail && { detail }) }));
    return { status, checks };
  }

  /** Ends once everything is there. @param waiting is told, the first time, what is not */
  async untilAble(waiting: (why: string) => void): Promise<void> {
    for (let told = false; ; await pause(PAUSE_MS, undefined, { ref: false })) {
      const { status, checks } = await this.ready();
      if (status === 'ok') return;
      const missing = checks.filter(({ ok }) => !ok).map(({ name, detail }) => `${name} (${detail})`);
      if (!told) waiting(missing.join(', '));
      told = true;
    }
  }

  private async ask(
    health: (context: { requestId: string; deadline: number }) => Promise<{ checks: Check[] }>,
  ): Promise<string> {
    const asked = health({ requestId: uuid(), deadline: Date.now() + PATIENCE_MS });
    const { checks } = await asked.catch((error: unknown) => {
      throw new Error(error instanceof AppError ? 'no answer' : 'no proper answer', { cause: error });
    });
    return lackingOf(checks);
  }
}
