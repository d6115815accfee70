import type { Grant, ListSessionsResponse } from '@veche/contracts';
import { isoTime } from '../../iso-time';
import { userToJson } from '../users/user.wire';
import type { GrantDto, SessionsDto, TokenTransport } from './auth.dto';

export const grantToJson = (grant: Grant, transport: TokenTransport): GrantDto => ({
  accessToken: grant.accessToken,
  expiresIn: grant.expiresIn,
  user: userToJson(grant.user),
  refreshToken: transport === 'body' ? grant.refreshToken : undefined,
});

export const sessionsToJson = ({ sessions }: ListSessionsResponse): SessionsDto => ({
  items: sessions.map(({ id, deviceName, ip, createdAt, lastSeenAt, current, appId }) => ({
    id,
    deviceName,
    ip,
    createdAt: isoTime(createdAt),
    lastSeenAt: isoTime(lastSeenAt),
    current,
    appId,
  })),
});
