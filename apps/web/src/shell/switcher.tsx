import { fold, isFoundBy } from '@veche/client';
import { keepPreviousData } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useDeferredValue, useState } from 'react';
import { Dialog } from 'react-aria-components/Dialog';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { useProblemText } from '../app/problem';
import { useQuery } from '../app/queries';
import { useRooms } from '../chat/chat';
import { useMessages } from '../i18n/i18n';
import { PersonAvatar } from '../people/person-avatar';
import { otherOf, RoomMark } from '../rooms/room-name';
import { useRoomNames } from '../rooms/room-names';
import { api, useMe } from '../session/session';
import overlay from '../ui/dialog.module.css';
import { Search } from '../ui/search';
import { toast } from '../ui/toast';
import style from './switcher.module.css';

const isMeant = (name: string, text: string): boolean =>
  isFoundBy(text, name) || fold(name).includes(fold(text));

/** More than this nobody looks through: a letter more of the name is quicker. */
const MOST = 50;
/** Of people and of rooms that one is not in: they are below one's own. */
const FEW = 8;

/**
 * Goes to a room or to somebody by a part of the name, without the mouse. What waits to be read comes first, then one's
 * other rooms, then people, and rooms that one may join.
 */
export const Switcher = ({ onClose }: { onClose: () => void }): ReactNode => {
  const { shell, unread } = useMessages();
  const me = useMe();
  const problem = useProblemText();
  const navigate = useNavigate();
  const { items } = useRooms();
  const names = useRoomNames(items);
  const [text, setText] = useState('');
  const wanted = useDeferredValue(text.trim().replace(/^[@#]/, ''));
  const asks = { enabled: wanted !== '' && me.role !== 'guest', placeholderData: keepPreviousData };
  const people = useQuery({
    queryKey: ['people', wanted],
    queryFn: ({ signal }) => api.users.search(wanted, { signal, limit: 20 }),
    ...asks,
  });
  const open = useQuery({
    queryKey: ['rooms', 'switcher', wanted],
    queryFn: () => api.rooms.browse({ search: wanted, limit: 20 }),
    ...asks,
  });

  const mine = items
    .filter(({ id }) => isMeant(names.get(id) ?? '', wanted))
    .toSorted((a, b) => Number(b.unread > 0) - Number(a.unread > 0))
    .slice(0, MOST)
    .map((room) => ({
      id: room.id,
      mark: <RoomMark room={room} size="small" />,
      name: names.get(room.id) ?? '',
      note: room.unread > 0 ? unread(room.unread) : room.topic,
    }));
  const known = new Set(items.flatMap((room) => otherOf(room, me.id) ?? []));
  const others = wanted === '' ? [] : (people.data?.items ?? []);
  const persons = others
    .filter(({ id, username, displayName }) => !known.has(id) && isFoundBy(wanted, username, displayName))
    .slice(0, FEW)
    .map(({ id, displayName, username }) => ({
      id: `@${id}`,
      mark: <PersonAvatar id={id} name={displayName} size="small" />,
      name: displayName,
      note: `@${username}`,
    }));
  const rooms = wanted === '' ? [] : (open.data?.items ?? []);
  const joinable = rooms
    .filter((room) => !room.role && isFoundBy(wanted, room.name ?? ''))
    .slice(0, FEW)
    .map((room) => ({
      id: room.id,
      mark: <RoomMark room={room} size="small" />,
      name: room.name ?? '',
      note: shell.joinable,
    }));

  const go = (roomId: string): void => void navigate({ to: '/rooms/$roomId', params: { roomId } });
  const choose = (id: string): void => {
    onClose();
    if (!id.startsWith('@')) return go(id);
    api.rooms.openDirect({ userId: id.slice(1) }).then(
      (room) => go(room.id),
      (error: unknown) => toast(problem(error)),
    );
  };
  return (
    <ModalOverlay
      isOpen
      isDismissable
      onOpenChange={(isOpen) => !isOpen && onClose()}
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
              found={[...mine, ...persons, ...joinable]}
              nothing={wanted === '' ? shell.switcherHint : shell.switcherEmpty}
              onChoose={choose}
            />
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
};
