import { OmitType } from '@nestjs/swagger';
import { AddMemberDto, ListMembersDto } from '@veche/dto';
import type { Invited, Member } from '@veche/protocol';
import { IsIn } from 'class-validator';
import { Numbers } from '../requests/query';

/** One of the two. */
export class AddMemberBody extends OmitType(AddMemberDto, ['roomId'] as const) {}

export class UpdateMemberBody {
  /** Making another member the owner makes you a moderator. */
  @IsIn(['member', 'moderator', 'owner']) role!: 'member' | 'moderator' | 'owner';
}

@Numbers('limit')
export class ListMembersQuery extends OmitType(ListMembersDto, ['roomId'] as const) {}

export class MemberDto implements Member {
  /** @example "01890a5d-ac96-774b-bcce-b302099a8051" */
  userId!: string;
  role!: 'member' | 'moderator' | 'owner';
  /**
   * For members of the room alone.
   * @example "2026-01-02T03:04:05.678Z"
   */
  joinedAt?: string;
  /**
   * For members of the room alone: how far this member has read.
   * @example 40
   */
  readSeq?: number;
}

export class InvitedDto implements Invited {
  /** @example true */
  invited!: true;
}

export class MembersDto {
  items!: MemberDto[];
  /** Give it as `cursor` to get the next page. */
  nextCursor?: string;
}
