import type { Account } from '@veche/contracts';
import { toUser, type UserRow } from '../users/user.wire';

export type AccountRow = UserRow & {
  disabledAt: Date | null;
  lastSeenAt: Date | null;
};

export const toAccount = ({ disabledAt, lastSeenAt, ...user }: AccountRow): Account => ({
  user: toUser(user),
  disabledAt: disabledAt ?? undefined,
  lastSeenAt: lastSeenAt ?? undefined,
});
