import type { Account } from '@veche/contracts';
import { seenAbout } from '../sessions/session.rules';
import { toUser, type UserRow } from '../users/user.wire';

export type AccountRow = UserRow & {
  disabledAt: Date | null;
  lastSeenAt: Date | null;
};

export const toAccount = ({ disabledAt, lastSeenAt, ...user }: AccountRow, now: Date): Account => ({
  user: toUser(user),
  disabledAt: disabledAt ?? undefined,
  lastSeenAt: lastSeenAt ? seenAbout(lastSeenAt, now) : undefined,
});
