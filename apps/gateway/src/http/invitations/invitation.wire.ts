import type { Invitation } from '@veche/contracts';
import { isoTime } from '../../iso-time';
import { roomToJson } from '../../rooms/room.wire';
import type { InvitationDto } from './invitations.dto';

export const invitationToJson = ({ room, invitedBy, invitedAt }: Invitation): InvitationDto => {
  if (!invitedAt) throw new Error('an invitation came without its time');
  return { room: roomToJson(room), invitedBy, invitedAt: isoTime(invitedAt) };
};
