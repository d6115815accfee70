import { type Room, type RoomOverview, roomKindText, roomRoleText } from '@veche/contracts';
import { entryToJson } from '../entries/entry.wire';
import { isoTime } from '../iso-time';
import type { RoomDto, RoomOverviewDto } from './room.dto';

/** A room as the JSON doors show it: REST and Socket.IO alike. */
export const roomToJson = (room: Room | undefined): RoomDto => {
  const kind = room && roomKindText.word(room.kind);
  if (!kind) throw new Error('a room came without its kind');
  const role = roomRoleText.word(room.role);
  return {
    id: room.id,
    kind,
    ...(kind === 'direct' ? { userIds: room.userIds } : { name: room.name }),
    topic: room.topic,
    createdAt: isoTime(room.createdAt),
    createdBy: room.createdBy,
    memberCount: room.memberCount,
    lastSeq: room.lastSeq,
    ...(role ? { role } : {}),
  };
};

export const roomOverviewToJson = (overview: RoomOverview): RoomOverviewDto => ({
  ...roomToJson(overview.room),
  readSeq: overview.readSeq,
  unread: overview.unread,
  ...(overview.lastMessage ? { lastMessage: entryToJson(overview.lastMessage) } : {}),
});
