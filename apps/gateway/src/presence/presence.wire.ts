import { availabilityText, type Presence, type SetStatusRequest } from '@veche/contracts';
import { isoTime } from '../iso-time';
import type { PresenceDto, StatusBody } from './presence.dto';

export const presenceToJson = (presence: Presence | undefined): PresenceDto => {
  const availability = presence && availabilityText.word(presence.availability);
  if (!availability) throw new Error('somebody came without their availability');
  const { userId, lastSeenAt, status } = presence;
  return {
    userId,
    availability,
    ...(lastSeenAt && { lastSeenAt: isoTime(lastSeenAt) }),
    ...(status && { status: { ...status, until: status.until && isoTime(status.until) } }),
  };
};

export const statusFromJson = ({ availability, ...said }: StatusBody): SetStatusRequest => ({
  ...said,
  availability: availability && availabilityText.value(availability),
});
