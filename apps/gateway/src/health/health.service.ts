import { Inject, Injectable } from '@nestjs/common';
import { AUTH, DELIVERY } from '@veche/contracts';
import { AppError } from '@veche/errors';
import type { Client } from '@veche/rpc';

/** Shorter than the pause that load balancers make between two questions. */
const PATIENCE_MS = 1_000;

@Injectable()
export class HealthService {
  constructor(
    @Inject(AUTH.token) private readonly auth: Client<typeof AUTH.definition>,
    @Inject(DELIVERY.token) private readonly delivery: Client<typeof DELIVERY.definition>,
  ) {}

  /** @throws AppError `unavailable`, naming what did not answer in time */
  async assertReady(requestId: string): Promise<void> {
    const context = { requestId, deadline: Date.now() + PATIENCE_MS };
    const answers = await Promise.allSettled([
      this.auth.getKeys({}, context),
      this.delivery.listMemberships({ userIds: [] }, context),
    ]);
    const silent = ['auth', 'chat'].filter((_name, i) => answers[i]?.status === 'rejected');
    if (silent.length > 0)
      throw new AppError('unavailable', { detail: `No answer from ${silent.join(', ')}` });
  }
}
