import {
  type Entry,
  type Room,
  roomKindText,
  type RoomOverview,
  RoomRole,
  roomRoleText,
} from '@veche/contracts';
import type { EntryBody } from '../log/log.service';
import { toRoomPreferences } from '../preferences/preference.wire';
import { type Description, usersOf } from './room.rules';
import type { OverviewRow, RoomRow } from './rooms.repository';

export const toRoom = (row: RoomRow): Room => ({
  id: row.id,
  kind: roomKindText.value(row.kind),
  name: row.name ?? '',
  topic: row.topic,
  createdAt: row.createdAt,
  createdBy: row.createdBy,
  memberCount: row.memberCount,
  lastSeq: row.lastSeq,
  userIds: usersOf(row.directKey),
  role: row.role === null ? RoomRole.UNSPECIFIED : roomRoleText.value(row.role),
});

export const toOverview = (row: OverviewRow, lastMessage: Entry | undefined): RoomOverview => ({
  room: toRoom(row),
  readSeq: row.readSeq,
  unread: row.unread,
  mentions: row.mentions,
  unreadMore: row.unreadMore,
  lastMessage,
  preferences: row.preferences === null ? undefined : toRoomPreferences(row.preferences),
});

export const roomCreated: EntryBody = { $case: 'roomCreated', value: {} };

export const roomUpdated = (changed: Description): EntryBody => ({ $case: 'roomUpdated', value: changed });
