import { availabilityText, type Presence, type SubscribeResponse } from '@veche/contracts';
import type { Hint } from '../log/outbox.wire';
import { availabilityOf } from './presence.rules';
import type { PresenceRow } from './presence.repository';

export const toPresence = (row: PresenceRow): Presence => {
  const { userId, emoji, text, until, lastSeenAt } = row;
  const availability = availabilityOf({ ...row, chosen: row.availability });
  const says = emoji !== null || text !== null;
  return {
    userId,
    availability: availabilityText.value(availability),
    lastSeenAt: row.here ? undefined : (lastSeenAt ?? undefined),
    status: says
      ? { emoji: emoji ?? undefined, text: text ?? undefined, until: until ?? undefined }
      : undefined,
  };
};

export const presenceChanged = (userIds: string[]): SubscribeResponse & { body: Hint } => ({
  body: { $case: 'presenceChanged', value: { userIds } },
});
