import { Injectable } from '@nestjs/common';
import type {
  AcceptInvitationResponse,
  DeclineInvitationResponse,
  ListInvitationsResponse,
} from '@veche/contracts';
import type { AcceptInvitationDto, DeclineInvitationDto } from '@veche/dto';
import { type Call, callerOf } from '@veche/rpc';
import { OutboxService } from '../log/outbox.service';
import { InvitationsRepository } from '../members/invitations.repository';
import { invitationChanged } from '../members/member.wire';
import { StandingService } from '../members/standing.service';
import { RoomsRepository } from '../rooms/rooms.repository';
import { RoomsService } from '../rooms/rooms.service';
import { toInvitation } from './invitation.wire';

/** More than that nobody looks through; those that are answered make room for others. */
const MOST = 100;

/** Rooms that somebody has left, and is asked back into: theirs to answer, and nobody else's. */
@Injectable()
export class InvitationsService {
  constructor(
    private readonly invitations: InvitationsRepository,
    private readonly joining: RoomsService,
    private readonly rooms: RoomsRepository,
    private readonly standings: StandingService,
    private readonly outbox: OutboxService,
  ) {}

  async list(call: Call): Promise<ListInvitationsResponse> {
    const { userId } = callerOf(call);
    const rows = await this.invitations.of(userId, MOST);
    const rooms = await this.rooms.find(
      rows.map(({ roomId }) => roomId),
      userId,
    );
    const byId = new Map(rooms.map((room) => [room.id, room]));
    return { invitations: rows.flatMap((row) => toInvitation(row, byId.get(row.roomId))) };
  }

  /** Whoever accepts twice has come once; who was not asked comes in where everybody may. */
  accept({ roomId }: AcceptInvitationDto, call: Call): Promise<AcceptInvitationResponse> {
    return this.joining.join({ roomId }, call);
  }

  async decline({ roomId }: DeclineInvitationDto, call: Call): Promise<DeclineInvitationResponse> {
    const { userId } = callerOf(call);
    if (!(await this.invitations.withdraw(roomId, userId))) return {};
    await this.standings.forget(roomId, [userId]);
    this.outbox.hint(invitationChanged(roomId, userId, false));
    return {};
  }
}
