import { isMuted, type RoomOverview, type RoomPreferencesChange } from '@veche/client';
import { useNavigate } from '@tanstack/react-router';
import {
  ArrowLeft,
  Bell,
  BellOff,
  CheckCheck,
  ChevronRight,
  EyeOff,
  LogOut,
  type LucideIcon,
  MailOpen,
  Star,
  StarOff,
} from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useProblemText } from '../app/problem';
import { useRoom } from '../chat/chat';
import { useFormats, useMessages } from '../i18n/i18n';
import { LeaveRoom } from '../room/windows';
import { rightsIn } from '../room/rights';
import { useRoomName } from '../rooms/room-name';
import { api, useMe } from '../session/session';
import { MenuItem, MenuSeparator } from '../ui/menu';
import { MenuBeside } from '../ui/menu-beside';
import { MenuChoice } from '../ui/menu-choice';
import { toast } from '../ui/toast';

const LEVELS = ['default', 'all', 'mentions', 'nothing'] as const;
const HOUR_MS = 60 * 60_000;
/** When people are at work again. */
const MORNING = 9;

const tomorrow = (): Date => {
  const at = new Date();
  at.setDate(at.getDate() + 1);
  at.setHours(MORNING, 0, 0, 0);
  return at;
};

/** How many of the newest messages are looked through for one of somebody else. */
const LOOKED_THROUGH = 50;

/** The newest message that can be unread: nobody has to read what they have said themselves. */
const newestOfOthers = async ({ id, lastMessage }: RoomOverview, me: string): Promise<number | undefined> => {
  if (lastMessage?.actorId !== me) return lastMessage?.seq;
  const { items } = await api.messages.list(id, { limit: LOOKED_THROUGH });
  return items.find(({ actorId, deletedAt }) => actorId !== me && deletedAt === undefined)?.seq;
};

interface RoomActionsProps {
  room: RoomOverview;
  /** Whether it is the room that one looks at. */
  isOpen: boolean;
  /** What the menu stands beside; without, it comes up from the lower edge of the screen. */
  beside: HTMLElement | undefined;
  onClose: () => void;
}

/** What one can do with a room from the list: nothing of it concerns anybody else, but for leaving it. */
export const RoomActions = ({ room, isOpen, beside, onClose }: RoomActionsProps): ReactNode => {
  const { rooms, back } = useMessages();
  const formats = useFormats();
  const text = useProblemText();
  const me = useMe();
  const navigate = useNavigate();
  const name = useRoomName(room);
  const acts = useRoom(room.id);
  const [page, setPage] = useState<'all' | 'level' | 'mute' | 'leave'>('all');
  const attempt = (done: Promise<unknown>): void => void done.catch((error: unknown) => toast(text(error)));
  const change = (wanted: RoomPreferencesChange): void => attempt(acts.prefer(wanted));
  const leadOut = (): void => {
    if (isOpen) void navigate({ to: '/' });
  };
  const isSilent = isMuted(room, Date.now());
  if (page === 'leave') return <LeaveRoom room={room} onDone={leadOut} onClose={onClose} />;
  const item = (Icon: LucideIcon, words: string, act: () => void): ReactNode => (
    <MenuItem icon={<Icon size={16} />} text={words} onAction={act} />
  );
  const way = (Icon: LucideIcon, words: string, to: 'level' | 'mute'): ReactNode => (
    <MenuItem
      icon={<Icon size={16} />}
      text={words}
      keys={<ChevronRight size={16} />}
      stays
      onAction={() => setPage(to)}
    />
  );
  const backward = (
    <>
      <MenuItem icon={<ArrowLeft size={16} />} text={back} stays onAction={() => setPage('all')} />
      <MenuSeparator />
    </>
  );
  return (
    <MenuBeside key={page} label={rooms.actionsFor(name)} beside={beside} onClose={onClose}>
      {page === 'all' && (
        <>
          {room.unread + room.mentions > 0
            ? item(CheckCheck, rooms.markRead, () => acts.markRead())
            : room.lastMessage &&
              item(MailOpen, rooms.markUnread, () =>
                attempt(
                  newestOfOthers(room, me.id).then((seq) =>
                    seq === undefined ? toast(rooms.nothingToRead) : acts.markUnread(seq),
                  ),
                ),
              )}
          {room.favourite
            ? item(StarOff, rooms.unfavourite, () => change({ favourite: false }))
            : item(Star, rooms.favourite, () => change({ favourite: true }))}
          {way(Bell, rooms.notifications, 'level')}
          {isSilent
            ? item(
                Bell,
                room.mutedUntil
                  ? rooms.unmuteBefore(formats.moment(new Date(room.mutedUntil)))
                  : rooms.unmute,
                () => change({ muted: false }),
              )
            : way(BellOff, rooms.mute, 'mute')}
          <MenuSeparator />
          {room.kind === 'direct' &&
            item(EyeOff, rooms.hide, () => {
              change({ hidden: true });
              leadOut();
            })}
          {rightsIn(room).leave && (
            <MenuItem
              icon={<LogOut size={16} />}
              text={rooms.leave}
              danger
              stays
              onAction={() => setPage('leave')}
            />
          )}
        </>
      )}
      {page === 'level' && (
        <>
          {backward}
          <MenuChoice
            label={rooms.notifications}
            value={room.level ?? 'default'}
            options={LEVELS.map((value) => ({ value, name: rooms.levels[value] }))}
            onChoose={(level) => change({ level })}
          />
        </>
      )}
      {page === 'mute' && (
        <>
          {backward}
          {item(BellOff, rooms.mutes.hour, () =>
            change({ muted: true, mutedUntil: new Date(Date.now() + HOUR_MS).toISOString() }),
          )}
          {item(BellOff, rooms.mutes.tomorrow, () =>
            change({ muted: true, mutedUntil: tomorrow().toISOString() }),
          )}
          {item(BellOff, rooms.mutes.always, () => change({ muted: true }))}
        </>
      )}
    </MenuBeside>
  );
};
