import type { Invitation } from '@veche/contracts';
import type { InvitationRow } from '../members/invitations.repository';
import { toRoom } from '../rooms/room.wire';
import type { RoomRow } from '../rooms/rooms.repository';

/** Nothing of a room that is gone. */
export const toInvitation = (
  { invitedBy, invitedAt }: InvitationRow,
  room: RoomRow | undefined,
): Invitation[] => (room ? [{ room: toRoom(room), invitedBy, invitedAt }] : []);
