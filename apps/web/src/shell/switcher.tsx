import { fold, isFoundBy } from '@veche/client';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { Dialog } from 'react-aria-components/Dialog';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { useRooms } from '../chat/chat';
import { useMessages } from '../i18n/i18n';
import { RoomMark } from '../rooms/room-name';
import { useRoomNames } from '../rooms/room-names';
import overlay from '../ui/dialog.module.css';
import { Search } from '../ui/search';
import style from './switcher.module.css';

const isMeant = (name: string, text: string): boolean =>
  isFoundBy(text, name) || fold(name).includes(fold(text));

/** More than this nobody looks through: a letter more of the name is quicker. */
const MOST = 50;

/** Goes to a room by a part of its name, without the mouse. What waits to be read comes first. */
export const Switcher = ({ onClose }: { onClose: () => void }): ReactNode => {
  const { shell, unread } = useMessages();
  const navigate = useNavigate();
  const { items } = useRooms();
  const names = useRoomNames(items);
  const [text, setText] = useState('');
  const found = items
    .filter(({ id }) => isMeant(names.get(id) ?? '', text))
    .toSorted((a, b) => Number(b.unread > 0) - Number(a.unread > 0))
    .slice(0, MOST);
  return (
    <ModalOverlay
      isOpen
      isDismissable
      onOpenChange={(open) => !open && onClose()}
      className={overlay.overlay ?? ''}
    >
      <Modal className={`${overlay.modal} ${overlay.top}`}>
        <Dialog aria-label={shell.switcher} className={overlay.dialog ?? ''}>
          <div className={style.body}>
            <Search
              look="bare"
              label={shell.switcher}
              placeholder={shell.switcher}
              text={text}
              onText={setText}
              found={found.map((room) => ({
                id: room.id,
                mark: <RoomMark room={room} size="small" />,
                name: names.get(room.id) ?? '',
                note: room.unread > 0 ? unread(room.unread) : room.topic,
              }))}
              nothing={shell.switcherEmpty}
              onChoose={(roomId) => {
                onClose();
                void navigate({ to: '/rooms/$roomId', params: { roomId } });
              }}
            />
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
};
