import { type Room, type RoomOverview, roomKindText, roomRoleText } from '@veche/contracts';
import { messageToJson } from '../entries/entry.wire';
import type * as json from '@veche/protocol';
import { roomPreferencesToJson } from '../preferences/preferences.wire';
import { isoTime } from '../iso-time';

/** A room as the JSON doors show it: REST and Socket.IO alike. What is undefined, JSON leaves out. */
export const roomToJson = (room: Room | undefined): json.Room => {
  const kind = room && roomKindText.word(room.kind);
  if (!kind) throw new Error('a room came without its kind');
  return {
    id: room.id,
    kind,
    name: kind === 'direct' ? undefined : room.name,
    topic: room.topic,
    createdAt: isoTime(room.createdAt),
    createdBy: room.createdBy,
    memberCount: room.memberCount,
    lastSeq: room.lastSeq,
    userIds: kind === 'direct' ? room.userIds : undefined,
    role: roomRoleText.word(room.role),
  };
};

export const roomOverviewToJson = (overview: RoomOverview): json.RoomOverview => ({
  ...roomToJson(overview.room),
  readSeq: overview.readSeq,
  unread: overview.unread,
  mentions: overview.mentions,
  unreadMore: overview.unreadMore || undefined,
  ...roomPreferencesToJson(overview.preferences),
  lastMessage: overview.lastMessage && messageToJson(overview.lastMessage),
});
