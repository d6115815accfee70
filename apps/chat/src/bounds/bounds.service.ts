import { Injectable } from '@nestjs/common';
import { mayRole, type UserPrincipal } from '@veche/access';
import { Config } from '@veche/config';
import type { Queries } from '@veche/database';
import { AppError } from '@veche/errors';
import { BoundsRepository } from './bounds.repository';

const HOUR = 3_600;
const DAY = 24 * HOUR;

/**
 * How much of what others have to live with one person may do: rooms, and people brought into them who don't know them.
 * Those who moderate everywhere do it for others, and are not bounded.
 */
@Injectable()
export class BoundsService {
  constructor(
    private readonly repository: BoundsRepository,
    private readonly config: Config,
  ) {}

  /** Those of the invited whom somebody shares no room with; to be asked before a room is locked. */
  async strangers(who: UserPrincipal, invited: readonly string[]): Promise<number> {
    if (invited.length === 0 || isSteward(who)) return 0;
    return (await this.repository.strangersTo(who.userId, invited)).length;
  }

  /** @throws AppError `rate_limited` */
  async countRoom(tx: Queries, who: UserPrincipal): Promise<void> {
    if (isSteward(who)) return;
    const made = await this.repository.count(tx, { userId: who.userId, what: 'rooms', count: 1 }, HOUR);
    if (made > this.config.ROOMS_PER_HOUR)
      throw new AppError('rate_limited', { detail: 'You have made many rooms; go on in an hour' });
  }

  /** @throws AppError `rate_limited` */
  async countStrangers(tx: Queries, who: UserPrincipal, count: number): Promise<void> {
    if (count === 0) return;
    const added = await this.repository.count(tx, { userId: who.userId, what: 'strangers', count }, DAY);
    if (added > this.config.STRANGERS_PER_DAY)
      throw new AppError('rate_limited', {
        detail: 'You have added many people whom you share no room with; go on tomorrow',
      });
  }
}

const isSteward = (who: UserPrincipal): boolean => mayRole(who.role, 'rooms.moderate');
