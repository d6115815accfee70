import type { RoomOverview } from '@veche/client';
import type { ReactNode } from 'react';
import { useMessages } from '../i18n/i18n';
import { useRoomName } from '../rooms/room-name';
import { api } from '../session/session';
import { Sure } from '../ui/sure';

interface LeaveRoomProps {
  room: RoomOverview;
  onDone: () => void;
  onClose: () => void;
}

/** Asks once more before somebody leaves a room. */
export const LeaveRoom = ({ room, ...ends }: LeaveRoomProps): ReactNode => {
  const { rooms } = useMessages();
  const name = useRoomName(room);
  return (
    <Sure
      title={rooms.leaveTitle(name)}
      text={room.kind === 'private' ? rooms.leavePrivateText : rooms.leaveText}
      action={rooms.leave}
      onSure={() => api.rooms.leave(room.id)}
      {...ends}
    />
  );
};
