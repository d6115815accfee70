import type { RoomOverview } from '@veche/client';
import { useNavigate } from '@tanstack/react-router';
import { EllipsisVertical, LogOut, Pencil, Trash2, UserPlus } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useMessages } from '../i18n/i18n';
import { api } from '../session/session';
import { IconButton } from '../ui/button';
import { MenuButton } from '../ui/menu-button';
import { rightsIn } from './rights';
import { EditRoom, Invite, LeaveRoom, Sure } from './windows';

/** What can be done with a room, as far as one may. */
export const RoomMenu = ({ room }: { room: RoomOverview }): ReactNode => {
  const messages = useMessages();
  const { rooms } = messages;
  const rights = rightsIn(room);
  const [open, setOpen] = useState<'invite' | 'edit' | 'leave' | 'delete'>();
  const close = (): void => setOpen(undefined);
  const navigate = useNavigate();
  const leadOut = (): void => void navigate({ to: '/' });
  return (
    <>
      <MenuButton
        label={rooms.actions}
        trigger={(opens) => (
          <IconButton {...opens} label={rooms.actions}>
            <EllipsisVertical size={19} />
          </IconButton>
        )}
        entries={[
          rights.invite && { icon: UserPlus, text: rooms.invite, onAction: () => setOpen('invite') },
          rights.update && { icon: Pencil, text: rooms.edit, onAction: () => setOpen('edit') },
          'line',
          { icon: LogOut, text: rooms.leave, danger: true, onAction: () => setOpen('leave') },
          rights.delete && {
            icon: Trash2,
            text: rooms.delete,
            danger: true,
            onAction: () => setOpen('delete'),
          },
        ]}
      />
      {open === 'invite' && <Invite room={room} onClose={close} />}
      {open === 'edit' && <EditRoom room={room} onClose={close} />}
      {open === 'leave' && <LeaveRoom room={room} onDone={leadOut} onClose={close} />}
      {open === 'delete' && (
        <Sure
          title={rooms.deleteTitle(room.name ?? '')}
          text={rooms.deleteText}
          action={rooms.delete}
          onSure={() => api.rooms.delete(room.id)}
          onDone={leadOut}
          onClose={close}
        />
      )}
    </>
  );
};
