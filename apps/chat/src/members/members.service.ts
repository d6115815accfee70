import { Injectable } from '@nestjs/common';
import {
  type AddMemberResponse,
  type LeaveRoomResponse,
  type ListMembersResponse,
  type RemoveMemberResponse,
  roomRoleText,
  type UpdateMemberResponse,
} from '@veche/contracts';
import type { Queries } from '@veche/database';
import {
  type AddMemberDto,
  type LeaveRoomDto,
  type ListMembersDto,
  pageOf,
  readCursor,
  type RemoveMemberDto,
  type UpdateMemberDto,
} from '@veche/dto';
import { AppError } from '@veche/errors';
import { type Call, callerOf } from '@veche/rpc';
import { LogService } from '../log/log.service';
import { OutboxService } from '../log/outbox.service';
import { ReadingTurns } from '../log/reading-turns';
import { DeletionsService } from '../deletion/deletions.service';
import { BoundsService } from '../bounds/bounds.service';
import { InvitationsRepository } from './invitations.repository';
import { InviteesService } from './invitees.service';
import { arrivals, judgeRemoval, onLeaving, roleChanges } from './member.rules';
import { arrived, invitationChanged, left, removed, roleGiven, toMember, toMemberSeen } from './member.wire';
import { type MemberRow, MembersRepository } from './members.repository';
import { StandingService } from './standing.service';

const MEMBERS_A_PAGE = 100;

/** Who belongs to a room, as what, and how far they have read. */
@Injectable()
export class MembersService {
  constructor(
    private readonly standings: StandingService,
    private readonly invitees: InviteesService,
    private readonly bounds: BoundsService,
    private readonly log: LogService,
    private readonly members: MembersRepository,
    private readonly invitations: InvitationsRepository,
    private readonly deletions: DeletionsService,
    private readonly outbox: OutboxService,
    private readonly turns: ReadingTurns,
  ) {}

  async list(
    { roomId, limit = MEMBERS_A_PAGE, cursor }: ListMembersDto,
    call: Call,
  ): Promise<ListMembersResponse> {
    const who = callerOf(call);
    const { role } = await this.standings.forReading('see', roomId, who);
    const [after] = readCursor(cursor, 'uuid') ?? [];
    const rows = await this.turns.take(who.userId, call.deadline, () =>
      this.members.list(roomId, limit + 1, after),
    );
    // what somebody was in a room is known for a while after it is gone
    if (rows.length === 0 && !(await this.members.roomExists(roomId))) throw new AppError('room_not_found');
    const { items, nextCursor } = pageOf(rows, limit, (last) => [last.userId]);
    return { members: items.map(role === null ? toMemberSeen : toMember), nextCursor };
  }

  async leave({ roomId }: LeaveRoomDto, call: Call): Promise<LeaveRoomResponse> {
    const who = callerOf(call);
    await this.log.change(roomId, async (tx, room) => {
      const { role } = await this.standings.forChange('leave', tx, room, who);
      switch (onLeaving(room.kind, role, room.memberCount)) {
        case 'owner_must_hand_over':
          throw new AppError('owner_must_hand_over');
        case 'room_goes':
          return { result: undefined, signals: [await this.deletions.delete(tx, roomId)] };
        case 'room_stays':
          await this.members.remove(tx, roomId, who.userId, { byChoice: true });
          return { result: undefined, entries: [{ actorId: who.userId, body: left(who.userId) }] };
      }
    });
    await this.standings.forget(roomId, [who.userId]);
    return {};
  }

  /** Adding a member again changes nothing. Who has left by themselves is asked, and comes where they accept. */
  async add(request: AddMemberDto, call: Call): Promise<AddMemberResponse> {
    const who = callerOf(call);
    const { roomId } = request;
    const userId = await this.invitees.one(request, call);
    const strangers = await this.bounds.strangers(who, [userId]);
    const { result } = await this.log.change(roomId, async (tx, room) => {
      await this.standings.forChange('invite', tx, room, who);
      const is = await this.members.find(tx, roomId, userId);
      if (is) return { result: is };
      await this.bounds.countStrangers(tx, who, strangers);
      if (await this.invitations.invite(tx, roomId, userId, who.userId)) return { result: undefined };
      const arriving = arrivals(room, [userId]);
      await this.members.add(tx, roomId, arriving);
      const entries = arriving.flatMap((one) => arrived(one, who.userId));
      return { result: await this.get(tx, roomId, userId), entries };
    });
    await this.standings.forget(roomId, [userId]);
    if (result) return { member: toMember(result), invited: false };
    this.outbox.hint(invitationChanged(roomId, userId, true));
    return { member: undefined, invited: true };
  }

  async update({ roomId, userId, role }: UpdateMemberDto, call: Call): Promise<UpdateMemberResponse> {
    const who = callerOf(call);
    const wanted = roomRoleText.word(role);
    if (!wanted) throw new AppError('invalid_input');
    const { result } = await this.log.change(roomId, async (tx, room) => {
      await this.standings.forChange('changeRole', tx, room, who);
      const changes = roleChanges(who.userId, await this.get(tx, roomId, userId), wanted);
      if (changes === 'owner_must_hand_over') throw new AppError(changes);
      for (const change of changes) await this.members.setRole(tx, roomId, change);
      const entries = changes.map((change) => ({ actorId: who.userId, body: roleGiven(change) }));
      return { result: await this.get(tx, roomId, userId), entries };
    });
    await this.standings.forget(roomId, [who.userId, userId]);
    return { member: toMember(result) };
  }

  async remove({ roomId, userId }: RemoveMemberDto, call: Call): Promise<RemoveMemberResponse> {
    const who = callerOf(call);
    if (userId === who.userId)
      throw new AppError('invalid_input', {
        errors: [{ field: 'userId', message: 'nobody removes themselves: leave the room' }],
      });
    const { result: withdrawn } = await this.log.change(roomId, async (tx, room) => {
      const standing = await this.standings.forChange('remove', tx, room, who);
      if (await this.invitations.withdraw(roomId, userId, tx)) return { result: true };
      const target = await this.get(tx, roomId, userId);
      const verdict = judgeRemoval(standing, target.role);
      if (verdict !== 'allowed') throw new AppError(verdict);
      await this.members.remove(tx, roomId, userId, { byChoice: false });
      return { result: false, entries: [{ actorId: who.userId, body: removed(userId) }] };
    });
    await this.standings.forget(roomId, [userId]);
    if (withdrawn) this.outbox.hint(invitationChanged(roomId, userId, false));
    return {};
  }

  private async get(tx: Queries, roomId: string, userId: string): Promise<MemberRow> {
    const member = await this.members.find(tx, roomId, userId);
    if (!member) throw new AppError('member_not_found');
    return member;
  }
}
