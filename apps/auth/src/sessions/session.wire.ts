import type { Session, SessionEnded } from '@veche/contracts';
import type { SessionEntity } from './session.entity';
import { seenAbout } from './session.rules';

export type ListedSession = Pick<
  SessionEntity,
  'id' | 'appId' | 'deviceName' | 'ip' | 'createdAt' | 'lastSeenAt'
>;
export type EndedSession = Pick<SessionEntity, 'id' | 'userId' | 'endReason'>;

export const toSession = (row: ListedSession, currentId: string, now: Date): Session => ({
  id: row.id,
  appId: row.appId,
  deviceName: row.deviceName,
  ip: row.ip,
  createdAt: row.createdAt,
  lastSeenAt: seenAbout(row.lastSeenAt, now),
  current: row.id === currentId,
});

export const toEnded = ({ id, userId, endReason }: EndedSession): SessionEnded => ({
  sessionId: id,
  userId,
  reason: endReason ?? 'ended',
});
