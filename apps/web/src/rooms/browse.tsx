import type { RoomData } from '@veche/client';
import { Link, useNavigate } from '@tanstack/react-router';
import { Compass } from 'lucide-react';
import { type ReactNode, useDeferredValue, useState } from 'react';
import { useMutation } from '../app/queries';
import { usePageTitle } from '../app/page-title';
import { usePages } from '../app/pages';
import { useProblemText } from '../app/problem';
import { useMessages } from '../i18n/i18n';
import { straight } from '../i18n/isolated';
import { api } from '../session/session';
import { PageHead } from '../shell/page-head';
import { Button, buttonClass } from '../ui/button';
import { Filter } from '../ui/filter';
import { ListLine, PagedList } from '../ui/list';
import { Empty } from '../ui/notice';
import { toast } from '../ui/toast';
import { RoomMark } from './room-name';
import style from './browse.module.css';

/** The rooms that are open to everybody. */
export const Browse = (): ReactNode => {
  const { rooms } = useMessages();
  const [search, setSearch] = useState('');
  const wanted = useDeferredValue(search.trim());
  const found = usePages(['rooms', 'browse', wanted], (page) =>
    api.rooms.browse({ ...(wanted && { search: wanted }), ...page }),
  );
  usePageTitle(rooms.browseTitle);
  return (
    <>
      <PageHead title={rooms.browseTitle} />
      <div className={style.content}>
        <div className={style.inner}>
          <Filter label={rooms.browseSearch} text={search} onText={setSearch} />
          <PagedList
            found={found}
            empty={
              <Empty
                icon={<Compass size={40} />}
                title={wanted ? rooms.browseNothing(wanted) : rooms.browseEmpty}
                text={wanted ? rooms.browseNothingText : rooms.browseEmptyText}
              />
            }
          >
            {(room) => <OpenRoom key={room.id} room={room} />}
          </PagedList>
        </div>
      </div>
    </>
  );
};

const OpenRoom = ({ room }: { room: RoomData }): ReactNode => {
  const { rooms } = useMessages();
  const text = useProblemText();
  const navigate = useNavigate();
  const joining = useMutation({
    mutationFn: () => api.rooms.join(room.id),
    onSuccess: () => void navigate({ to: '/rooms/$roomId', params: { roomId: room.id } }),
    onError: (error) => toast(text(error)),
  });
  return (
    <ListLine
      mark={<RoomMark room={room} />}
      name={straight(room.name ?? '')}
      notes={[[rooms.memberCount(room.memberCount), room.topic].filter(Boolean).join(' · ')]}
    >
      {room.role ? (
        <Link
          to="/rooms/$roomId"
          params={{ roomId: room.id }}
          className={buttonClass('quiet')}
          aria-label={rooms.openNamed(room.name ?? '')}
        >
          {rooms.open}
        </Link>
      ) : (
        <Button
          aria-label={rooms.joinNamed(room.name ?? '')}
          isPending={joining.isPending}
          onPress={() => joining.mutate()}
        >
          {rooms.join}
        </Button>
      )}
    </ListLine>
  );
};
