import { Link } from '@tanstack/react-router';
import { Compass, DoorOpen } from 'lucide-react';
import type { ReactNode } from 'react';
import { useMutation, useQuery } from '../app/queries';
import { usePageTitle } from '../app/page-title';
import { useProblemText } from '../app/problem';
import { useMessages } from '../i18n/i18n';
import { PageHead } from '../shell/page-head';
import { api } from '../session/session';
import { Button, buttonClass } from '../ui/button';
import { Empty } from '../ui/notice';
import { toast } from '../ui/toast';
import { RoomMark } from '../rooms/room-name';

/** Before a room that one is not in: come in, if it is open, or learn that there is nothing for one here. */
export const Threshold = ({ roomId }: { roomId: string }): ReactNode => {
  const messages = useMessages();
  const { rooms, problems } = messages;
  const text = useProblemText();
  const { data, error } = useQuery({
    queryKey: ['room', roomId],
    queryFn: () => api.rooms.get(roomId),
    staleTime: 0,
  });
  const joining = useMutation({
    mutationFn: () => api.rooms.join(roomId),
    onError: (problem) => toast(text(problem)),
  });
  usePageTitle(data?.name ?? '');
  if (error)
    return (
      <>
        <PageHead title={problems.notFoundTitle} />
        <Empty icon={<Compass size={40} />} title={text(error)} text={problems.notFoundText}>
          <Link to="/" className={buttonClass('primary')}>
            {problems.home}
          </Link>
        </Empty>
      </>
    );
  if (!data) return null;
  return (
    <>
      <PageHead mark={<RoomMark room={data} />} title={data.name ?? ''} text={data.topic} />
      <Empty
        icon={<DoorOpen size={40} />}
        title={data.name ?? ''}
        text={[data.topic, rooms.memberCount(data.memberCount)].filter(Boolean).join(' · ')}
      >
        <Button
          look="primary"
          isPending={joining.isPending || joining.isSuccess}
          onPress={() => joining.mutate()}
        >
          {rooms.join}
        </Button>
      </Empty>
    </>
  );
};
