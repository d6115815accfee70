import type { Profile } from '@veche/client';
import { useNavigate } from '@tanstack/react-router';
import { MessageCircle } from 'lucide-react';
import type { ReactNode, RefObject } from 'react';
import { Dialog } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Popover } from 'react-aria-components/Popover';
import { useMutation } from '../app/queries';
import { useProblemText } from '../app/problem';
import { useMessages } from '../i18n/i18n';
import { api, useMe } from '../session/session';
import { Avatar } from '../ui/avatar';
import { Badge } from '../ui/badge';
import { Button } from '../ui/button';
import { toast } from '../ui/toast';
import style from './person-card.module.css';
import { usePresenceText } from './presence';

interface PersonCardProps {
  person: Profile;
  beside: RefObject<HTMLElement | null>;
  onClose: () => void;
}

/** Who somebody is, and the way to talk to them alone. */
export const PersonCard = ({ person, beside, onClose }: PersonCardProps): ReactNode => {
  const { people, rooms, you } = useMessages();
  const text = useProblemText();
  const me = useMe();
  const navigate = useNavigate();
  const { id, displayName, username, bio, deactivated } = person;
  const isMe = id === me.id;
  const here = usePresenceText(id);
  const talking = useMutation({
    mutationFn: () => api.rooms.openDirect({ userId: id }),
    onSuccess: (room) => {
      onClose();
      void navigate({ to: '/rooms/$roomId', params: { roomId: room.id } });
    },
    onError: (error) => toast(text(error)),
  });
  return (
    <Popover
      isOpen
      onOpenChange={(open) => !open && onClose()}
      triggerRef={beside}
      placement="bottom start"
      offset={4}
      className={style.popover ?? ''}
    >
      <Dialog className={style.card ?? ''}>
        <div className={style.head}>
          <Avatar id={id} name={displayName} size="large" />
          <div className={style.lines}>
            <Heading slot="title" className={style.name}>
              <bdi>{displayName}</bdi>
            </Heading>
            <span className={style.handle}>@{username}</span>
          </div>
        </div>
        {here && (
          <p className={style.handle} dir="auto">
            {here}
          </p>
        )}
        {deactivated && <Badge warns>{people.deactivated}</Badge>}
        {bio && <p className={style.bio}>{bio}</p>}
        {isMe ? (
          <Badge>{you}</Badge>
        ) : (
          !deactivated &&
          me.role !== 'guest' && (
            <Button wide isPending={talking.isPending} onPress={() => talking.mutate()}>
              <MessageCircle size={16} />
              {rooms.talk}
            </Button>
          )
        )}
      </Dialog>
    </Popover>
  );
};
