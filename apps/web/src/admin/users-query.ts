import type { Account } from '@veche/client';
import { queries } from '../app/queries';
import { session, useMe } from '../session/session';

export const USERS_KEY = ['admin', 'users'];

/** Shows what has become of an account, in the list and, where it is one's own, everywhere. */
export const useChanged = (): ((account?: Account) => void) => {
  const me = useMe();
  return (account) => {
    void queries.invalidateQueries({ queryKey: USERS_KEY });
    if (account?.id !== me.id) return;
    const { disabled: _, disabledAt: _at, lastSeenAt: _seen, ...user } = account;
    session.changeUser(user);
  };
};
