import type { Member, Room, RoomOverview, RoomRole } from '@veche/client';
import {
  EllipsisVertical,
  MessageCircle,
  ShieldCheck,
  ShieldOff,
  Star,
  UserMinus,
  UserPlus,
} from 'lucide-react';
import { useNavigate } from '@tanstack/react-router';
import { type ComponentProps, type ReactNode, useState } from 'react';
import { useMutation } from '../app/queries';
import { useProblemText } from '../app/problem';
import { useWatched } from '../chat/chat';
import { useMessages } from '../i18n/i18n';
import { straight } from '../i18n/isolated';
import { usePerson } from '../people/people';
import { PersonAvatar } from '../people/person-avatar';
import { PersonName } from '../people/person-name';
import { api, useMe } from '../session/session';
import { StatusMark } from '../status/status-mark';
import { Button, IconButton } from '../ui/button';
import { Menu, MenuItem, MenuSeparator } from '../ui/menu';
import { Notice } from '../ui/notice';
import { Skeleton } from '../ui/skeleton';
import { toast } from '../ui/toast';
import { Panel, PanelList } from './panel';
import { rightsIn } from './rights';
import { Invite, Sure } from './windows';
import style from './members.module.css';

const ORDER: Record<RoomRole, number> = { owner: 0, moderator: 1, member: 2 };

interface MembersProps {
  room: Room;
  overview: RoomOverview;
  onClose: () => void;
}

/** Who belongs to a room, and what one may do about it. */
export const Members = ({ room, overview, onClose }: MembersProps): ReactNode => {
  const messages = useMessages();
  const text = useProblemText();
  const me = useMe();
  const members = useWatched(room.members);
  const [inviting, setInviting] = useState(false);
  const [asked, setAsked] = useState<Asked>();
  const sorted = members.items.toSorted((a, b) => ORDER[a.role] - ORDER[b.role]);
  return (
    <Panel
      label={messages.rooms.members}
      title={messages.rooms.memberCount(overview.memberCount)}
      content={[members.items, asked]}
      onClose={onClose}
    >
      {rightsIn(overview).invite && me.role !== 'guest' && (
        <div className={style.invite}>
          <Button wide onPress={() => setInviting(true)}>
            <UserPlus size={16} />
            {messages.rooms.invite}
          </Button>
        </div>
      )}
      {members.error && <Notice>{text(members.error)}</Notice>}
      <PanelList busy={members.status === 'loading'}>
        {sorted.map((member) => (
          <MemberLine key={member.userId} member={member} room={overview} onAsk={setAsked} />
        ))}
        {members.items.length === 0 &&
          [60, 45, 70].map((width) => (
            <li key={width} className={style.member}>
              <Skeleton width="2.25rem" height="2.25rem" />
              <Skeleton width={`${width}%`} height="1rem" />
            </li>
          ))}
      </PanelList>
      {inviting && <Invite room={overview} onClose={() => setInviting(false)} />}
      {asked && <Sure {...asked} onClose={() => setAsked(undefined)} />}
    </Panel>
  );
};

/** What one is asked before it is done. */
type Asked = Pick<ComponentProps<typeof Sure>, 'title' | 'text' | 'action' | 'onSure'>;

interface MemberLineProps {
  member: Member;
  room: RoomOverview;
  onAsk: (asked: Asked) => void;
}

const MemberLine = ({ member, room, onAsk }: MemberLineProps): ReactNode => {
  const { rooms, you } = useMessages();
  const me = useMe();
  const person = usePerson(member.userId);
  const name = straight(person?.displayName ?? '');
  const isMe = member.userId === me.id;
  return (
    <li className={style.member}>
      <PersonAvatar id={member.userId} name={name} />
      <span className={style.lines}>
        <span className={style.name}>
          <PersonName id={member.userId} {...(isMe && { note: `(${you})` })} />{' '}
          <StatusMark id={member.userId} />
        </span>
        <span className={style.role}>
          {[member.role !== 'member' && rooms.roles[member.role], person && `@${person.username}`]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </span>
      {!isMe && <MemberMenu member={member} room={room} name={name} onAsk={onAsk} />}
    </li>
  );
};

const MemberMenu = ({
  member: { userId, role, ...rest },
  room,
  name,
  onAsk,
}: MemberLineProps & { name: string }): ReactNode => {
  const { rooms } = useMessages();
  const text = useProblemText();
  const navigate = useNavigate();
  const rights = rightsIn(room);
  const onError = (error: unknown): void => toast(text(error));
  const giving = useMutation({
    mutationFn: (wanted: RoomRole) => api.members.setRole(room.id, userId, wanted),
    onError,
  });
  const talking = useMutation({
    mutationFn: () => api.rooms.openDirect({ userId }),
    onSuccess: ({ id }) => void navigate({ to: '/rooms/$roomId', params: { roomId: id } }),
    onError,
  });
  return (
    <Menu
      label={rooms.actionsFor(name)}
      trigger={
        <IconButton label={rooms.actionsFor(name)}>
          <EllipsisVertical size={18} />
        </IconButton>
      }
    >
      <MenuItem icon={<MessageCircle size={16} />} text={rooms.talk} onAction={() => talking.mutate()} />
      {rights.changeRoles && role === 'member' && (
        <MenuItem
          icon={<ShieldCheck size={16} />}
          text={rooms.makeModerator}
          onAction={() => giving.mutate('moderator')}
        />
      )}
      {rights.changeRoles && role === 'moderator' && (
        <MenuItem
          icon={<ShieldOff size={16} />}
          text={rooms.makeMember}
          onAction={() => giving.mutate('member')}
        />
      )}
      {rights.changeRoles && (
        <MenuItem
          icon={<Star size={16} />}
          text={rooms.makeOwner}
          onAction={() =>
            onAsk({
              title: rooms.makeOwnerTitle(name),
              text: rooms.makeOwnerText,
              action: rooms.makeOwner,
              onSure: () => api.members.setRole(room.id, userId, 'owner'),
            })
          }
        />
      )}
      {rights.remove({ userId, role, ...rest }) && (
        <>
          <MenuSeparator />
          <MenuItem
            icon={<UserMinus size={16} />}
            text={rooms.remove}
            danger
            onAction={() =>
              onAsk({
                title: rooms.removeTitle(name),
                text: room.kind === 'private' ? rooms.removePrivateText : rooms.removeText,
                action: rooms.remove,
                onSure: () => api.members.remove(room.id, userId),
              })
            }
          />
        </>
      )}
    </Menu>
  );
};
