import { type ListMembersResponse, type Member, roomRoleText } from '@veche/contracts';
import { isoTime } from '../../iso-time';
import type { MemberDto, MembersDto } from './members.dto';

export const memberToJson = (member: Member | undefined): MemberDto => {
  const role = member && roomRoleText.word(member.role);
  if (!role) throw new Error('a member came without their role');
  const { userId, joinedAt, readSeq } = member;
  return { userId, role, joinedAt: joinedAt && isoTime(joinedAt), readSeq };
};

export const membersToJson = ({ members, nextCursor }: ListMembersResponse): MembersDto => ({
  items: members.map(memberToJson),
  nextCursor,
});
