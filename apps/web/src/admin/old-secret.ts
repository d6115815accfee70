import type { ApiKey } from '@veche/client';

/** Until when the secret before a key's present one works, if it still does: no longer than the key itself. */
export const oldSecretEnds = ({ previousUntil, expiresAt }: ApiKey): Date | undefined => {
  if (!previousUntil) return undefined;
  const [until, end] = [new Date(previousUntil), new Date(expiresAt ?? previousUntil)];
  return end < until ? end : until;
};
