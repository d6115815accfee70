import type { Member, RoomData, RoomRole } from '@veche/client';

const RANK: Record<RoomRole, number> = { member: 1, moderator: 2, owner: 3 };

/** What somebody in a room may do there, to offer them nothing else. The server decides (ADR 4). */
export const rightsIn = (room: RoomData) => {
  const rank = room.role ? RANK[room.role] : 0;
  const isDirect = room.kind === 'direct';
  return {
    invite: !isDirect && (room.kind === 'public' ? rank >= RANK.member : rank >= RANK.moderator),
    update: !isDirect && rank >= RANK.moderator,
    callAll: !isDirect && rank >= RANK.moderator,
    deleteMessages: !isDirect && rank >= RANK.moderator,
    pin: isDirect || rank >= RANK.moderator,
    leave: !isDirect && rank > 0,
    delete: !isDirect && rank === RANK.owner,
    changeRoles: !isDirect && rank === RANK.owner,
    remove: (member: Member) => !isDirect && rank >= RANK.moderator && rank > RANK[member.role],
  };
};
