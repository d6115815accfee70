import type { RoomOverview } from '@veche/client';
import { useNavigate } from '@tanstack/react-router';
import { EllipsisVertical, LogOut, Pencil, Trash2, UserPlus } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useMessages } from '../i18n/i18n';
import { api } from '../session/session';
import { IconButton } from '../ui/button';
import { Menu, MenuItem, MenuSeparator } from '../ui/menu';
import { rightsIn } from './rights';
import { EditRoom, Invite, Sure } from './windows';

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
      <Menu
        label={rooms.actions}
        trigger={
          <IconButton label={rooms.actions}>
            <EllipsisVertical size={19} />
          </IconButton>
        }
      >
        {rights.invite && (
          <MenuItem icon={<UserPlus size={16} />} text={rooms.invite} onAction={() => setOpen('invite')} />
        )}
        {rights.update && (
          <MenuItem icon={<Pencil size={16} />} text={rooms.edit} onAction={() => setOpen('edit')} />
        )}
        <MenuSeparator />
        <MenuItem icon={<LogOut size={16} />} text={rooms.leave} danger onAction={() => setOpen('leave')} />
        {rights.delete && (
          <MenuItem
            icon={<Trash2 size={16} />}
            text={rooms.delete}
            danger
            onAction={() => setOpen('delete')}
          />
        )}
      </Menu>
      {open === 'invite' && <Invite room={room} onClose={close} />}
      {open === 'edit' && <EditRoom room={room} onClose={close} />}
      {open === 'leave' && (
        <Sure
          title={rooms.leaveTitle(room.name ?? '')}
          text={room.kind === 'private' ? rooms.leavePrivateText : rooms.leaveText}
          action={rooms.leave}
          onSure={() => api.rooms.leave(room.id)}
          onDone={leadOut}
          onClose={close}
        />
      )}
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
