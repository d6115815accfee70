import { type Member, roomRoleText } from '@veche/contracts';
import type { EntryBody, NewEntry } from '../log/log.service';
import type { Hint } from '../log/outbox.wire';
import { type Arrival, type RoleChange, showReaders } from './member.rules';
import type { MemberRow, MovedMark } from './members.repository';

export const toMember = (row: MemberRow): Member => ({
  userId: row.userId,
  role: roomRoleText.value(row.role),
  joinedAt: row.joinedAt,
  readSeq: row.readSeq,
});

/** For whoever looks at a room from outside: who is in it, and not since when or how much they have read. */
export const toMemberSeen = ({ userId, role }: MemberRow): Member => ({
  userId,
  role: roomRoleText.value(role),
  joinedAt: undefined,
  readSeq: undefined,
});

export const joined = (userId: string): EntryBody => ({ $case: 'memberJoined', value: { userId } });

/** The entries of somebody who came in: by themself, or brought by another. */
export const arrived = ({ userId, role }: Arrival, actorId = userId): NewEntry[] =>
  [joined(userId), ...(role === 'member' ? [] : [roleGiven({ userId, role })])].map((body) => ({
    actorId,
    body,
  }));

export const left = (userId: string): EntryBody => ({ $case: 'memberLeft', value: { userId } });

export const removed = (userId: string): EntryBody => ({ $case: 'memberRemoved', value: { userId } });

export const roleGiven = ({ userId, role }: RoleChange): EntryBody => ({
  $case: 'memberRole',
  value: { userId, role: roomRoleText.value(role) },
});

/** For the devices of who is asked to come back, or is not any more. */
export const invitationChanged = (roomId: string, userId: string, on: boolean): { body: Hint } => ({
  body: { $case: 'invitationChanged', value: { roomId, userId, on } },
});

export const readMark = (
  roomId: string,
  { userId, seq, revision }: MovedMark,
  memberCount: number,
): { body: Hint } => ({
  body: {
    $case: 'readMark',
    value: { roomId, userId, seq, revision, forEverybody: showReaders(memberCount) },
  },
});

/** Others go on seeing that it was read: it was. */
export const unreadMark = (roomId: string, { userId, seq, revision }: MovedMark): { body: Hint } => ({
  body: { $case: 'readMark', value: { roomId, userId, seq, revision, forEverybody: false } },
});
