import type { RoomData } from '@veche/client';
import { Link } from '@tanstack/react-router';
import { SearchX, Trash2 } from 'lucide-react';
import { type ReactNode, useDeferredValue, useState } from 'react';
import { queries } from '../app/queries';
import { usePageTitle } from '../app/page-title';
import { usePages } from '../app/pages';
import { useFormats, useMessages } from '../i18n/i18n';
import { straight } from '../i18n/isolated';
import { RoomMark } from '../rooms/room-name';
import { api } from '../session/session';
import { IconButton } from '../ui/button';
import { Filter } from '../ui/filter';
import { ListLine, PagedList } from '../ui/list';
import { Empty } from '../ui/notice';
import { Select } from '../ui/select';
import { Sure } from '../ui/sure';
import { toast } from '../ui/toast';
import style from './admin.module.css';

const KEY = ['admin', 'rooms'];
const KINDS = ['all', 'public', 'private'] as const;

/** Every room but the conversations between two. */
export const Rooms = (): ReactNode => {
  const { admin } = useMessages();
  const [search, setSearch] = useState('');
  const [kind, setKind] = useState<(typeof KINDS)[number]>('all');
  const wanted = useDeferredValue(search.trim());
  const found = usePages([...KEY, wanted, kind], (page) =>
    api.admin.rooms({ ...(wanted && { search: wanted }), ...(kind !== 'all' && { kind }), ...page }),
  );
  usePageTitle(admin.rooms);
  return (
    <section className={style.page}>
      <h2 className={style.title}>{admin.rooms}</h2>
      <div className={style.filters}>
        <Filter label={admin.findRoom} text={search} onText={setSearch} />
        <Select
          label={admin.kind}
          value={kind}
          options={KINDS.map((value) => ({ value, name: admin.kinds[value] }))}
          onChange={setKind}
        />
      </div>
      <PagedList
        found={found}
        empty={<Empty icon={<SearchX size={40} />} title={admin.noRooms} text={admin.noRoomsText} />}
      >
        {(room) => <Room key={room.id} room={room} />}
      </PagedList>
    </section>
  );
};

const Room = ({ room }: { room: RoomData }): ReactNode => {
  const { admin, rooms } = useMessages();
  const formats = useFormats();
  const [deleting, setDeleting] = useState(false);
  const { id, name = '', topic, memberCount, createdAt } = room;
  const done = (): void => {
    void queries.invalidateQueries({ queryKey: KEY });
    toast(admin.roomDeleted(name));
  };
  return (
    <ListLine
      mark={<RoomMark room={room} />}
      name={
        // into a room by invitation nobody sees who was not invited
        room.kind === 'public' || room.role ? (
          <Link to="/rooms/$roomId" params={{ roomId: id }} className={style.room}>
            {straight(name)}
          </Link>
        ) : (
          straight(name)
        )
      }
      notes={[
        topic,
        [rooms.memberCount(memberCount), admin.createdOn(formats.date(new Date(createdAt)))].join(' · '),
      ]}
    >
      <IconButton label={admin.deleteRoomNamed(name)} onPress={() => setDeleting(true)}>
        <Trash2 size={18} />
      </IconButton>
      {deleting && (
        <Sure
          title={rooms.deleteTitle(name)}
          text={rooms.deleteText}
          action={rooms.delete}
          onSure={() => api.rooms.delete(id)}
          onDone={done}
          onClose={() => setDeleting(false)}
        />
      )}
    </ListLine>
  );
};
