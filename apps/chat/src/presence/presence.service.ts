import { Injectable } from '@nestjs/common';
import { Config } from '@veche/config';
import {
  Availability,
  type ListPresentMembersResponse,
  type Presence,
  type ReportPresenceResponse,
  type SetStatusResponse,
} from '@veche/contracts';
import type { ReportPresenceDto, SetStatusDto } from '@veche/dto';
import { AppError } from '@veche/errors';
import { type Call, callerOf } from '@veche/rpc';
import { OutboxService } from '../log/outbox.service';
import { PresenceRepository } from './presence.repository';
import { wrongEnd } from './presence.rules';
import { presenceChanged, toPresence } from './presence.wire';

/** Members of a room who are told to whoever enters it, and members that a room may have for all to be told. */
const MOST_MEMBERS = 200;

/** Statuses that one sweep takes back; the next one takes more. */
const MOST_ENDED = 1_000;

const CHOSEN: Partial<Record<Availability, 'away' | 'dnd'>> = {
  [Availability.AWAY]: 'away',
  [Availability.DND]: 'dnd',
};

/**
 * Who is here. It is what gateways have reported, each of them for as long as it goes on saying so; what changes is told
 * as a reason to look again, so that it does not matter in which order it comes.
 */
@Injectable()
export class PresenceService {
  constructor(
    private readonly repository: PresenceRepository,
    private readonly outbox: OutboxService,
    private readonly config: Config,
  ) {}

  async setStatus(
    { emoji, text, until, availability }: SetStatusDto,
    call: Call,
  ): Promise<SetStatusResponse> {
    const { userId } = callerOf(call);
    const wrong = wrongEnd(until, new Date());
    if (wrong !== undefined)
      throw new AppError('invalid_input', { errors: [{ field: 'until', message: wrong }] });
    const chosen = availability === undefined ? null : (CHOSEN[availability] ?? null);
    await this.repository.setStatus({
      userId,
      emoji: emoji ?? null,
      text: text ?? null,
      availability: chosen,
      // what says nothing has no end
      until: emoji !== undefined || text !== undefined || chosen !== null ? (until ?? null) : null,
    });
    this.tell([userId]);
    const [presence] = await this.find([userId]);
    if (!presence) throw new Error('a user who was asked for was not told of');
    return { presence };
  }

  async find(userIds: readonly string[]): Promise<Presence[]> {
    return userIds.length === 0 ? [] : (await this.repository.find(userIds)).map(toPresence);
  }

  async presentMembers(roomId: string): Promise<ListPresentMembersResponse> {
    const [here, memberIds] = await Promise.all([
      this.repository.membersHere(roomId, MOST_MEMBERS),
      this.repository.members(roomId, MOST_MEMBERS),
    ]);
    return { presences: await this.find(here), memberIds: memberIds ?? [] };
  }

  async report({ gatewayId, reports }: ReportPresenceDto): Promise<ReportPresenceResponse> {
    const { known, changed } = await this.repository.report(gatewayId, reports);
    this.tell(changed);
    return { known, leaseMs: this.config.PRESENCE_LEASE * 1000 };
  }

  /** Those of a gateway that is no more are off line, and what is over is taken back. */
  async sweep(): Promise<void> {
    this.tell(await this.repository.sweep(this.config.PRESENCE_LEASE * 1000));
    this.tell(await this.repository.endStatuses(MOST_ENDED));
  }

  private tell(userIds: string[]): void {
    if (userIds.length > 0) this.outbox.hint(presenceChanged(userIds));
  }
}
