import type { RoomOverview } from '@veche/client';
import { Link } from '@tanstack/react-router';
import { BellOff, Ellipsis, Pencil } from 'lucide-react';
import type { ReactNode } from 'react';
import { usePreferences } from '../appearance/preferences';
import { briefly } from '../files/said';
import { useFormats, useMessages } from '../i18n/i18n';
import { useToday } from '../i18n/today';
import { useNameOf } from '../people/people';
import { useDraft } from '../room/drafts';
import { otherOf, RoomMark, useRoomName } from '../rooms/room-name';
import { useMe } from '../session/session';
import { StatusMark } from '../status/status-mark';
import { Unread } from '../ui/badge';
import { Skeleton } from '../ui/skeleton';
import style from './side.module.css';

interface RoomLinkProps {
  room: RoomOverview;
  isMuted: boolean;
  /** Whether the mouse or the keyboard is there: then there is a button for what can be done. */
  isPointed: boolean;
  onMenu: (beside: HTMLElement) => void;
}

/** The way to a room, and what is new in it. */
export const RoomLink = ({ room, isMuted, isPointed, onMenu }: RoomLinkProps): ReactNode => {
  const { shell, rooms } = useMessages();
  const me = useMe();
  const { previews } = usePreferences();
  const name = useRoomName(room);
  const draft = useDraft(me.id, room.id);
  // what calls one in a thread alone is none of what is unread in the room
  const hasNews = room.unread + room.mentions > 0;
  const isUnread = hasNews && !isMuted;
  const badge = hasNews && (
    <Unread
      count={room.unread}
      mentions={room.mentions}
      isQuiet={isMuted || room.kind !== 'direct'}
      isMuted={isMuted}
    />
  );
  const named = (
    <>
      <span className={style.name} dir="auto">
        {name || <Skeleton width="60%" height="1rem" />}
      </span>
      <StatusMark id={otherOf(room, me.id)} />
    </>
  );
  const muted = isMuted && (
    <span className={style.sign}>
      <BellOff size={14} aria-hidden />
      <span className="heard-only">{rooms.muted}</span>
    </span>
  );
  return (
    <>
      <Link
        to="/rooms/$roomId"
        params={{ roomId: room.id }}
        className={`${style.room} ${isUnread ? style.isUnread : ''} ${isMuted ? style.isMuted : ''}`}
        data-pointed={isPointed || undefined}
        draggable={false}
      >
        <RoomMark room={room} size={previews ? 'medium' : 'tiny'} />
        {previews ? (
          <span className={style.lines}>
            <span className={style.line}>
              {named}
              {muted}
              <Time room={room} />
            </span>
            <span className={style.line}>
              <Preview room={room} draft={draft} />
              {badge}
            </span>
          </span>
        ) : (
          <>
            {named}
            {draft && (
              <span className={style.sign}>
                <Pencil size={14} aria-hidden />
                <span className="heard-only">{shell.draft}</span>
              </span>
            )}
            {badge}
            {muted}
          </>
        )}
      </Link>
      {isPointed && (
        <button
          type="button"
          className={style.more}
          aria-label={rooms.actionsFor(name)}
          aria-haspopup="menu"
          onClick={({ currentTarget }) => onMenu(currentTarget)}
        >
          <Ellipsis size={16} aria-hidden />
        </button>
      )}
    </>
  );
};

const Time = ({ room: { lastMessage } }: { room: RoomOverview }): ReactNode => {
  const formats = useFormats();
  const today = useToday();
  return lastMessage && <time className={style.time}>{formats.brief(new Date(lastMessage.at), today)}</time>;
};

const Preview = ({ room, draft }: { room: RoomOverview; draft: string }): ReactNode => {
  const messages = useMessages();
  const { shell, you, room: words } = messages;
  const me = useMe();
  const { lastMessage } = room;
  const author = useNameOf(lastMessage?.actorId);
  if (draft)
    return (
      <span className={style.preview} dir="auto">
        <bdi className={style.draft}>{shell.draft}</bdi> {draft}
      </span>
    );
  if (!lastMessage) return <span className={style.preview}>{shell.noMessages}</span>;
  const who = lastMessage.actorId === me.id ? you : room.kind === 'direct' ? '' : author;
  const text = lastMessage.deletedAt ? words.deleted : briefly(lastMessage, messages);
  return (
    // by the first letter of what was said, whoever said it
    <span className={style.preview} dir="auto">
      {who && (
        <>
          <bdi>{who}</bdi>
          {': '}
        </>
      )}
      {text}
    </span>
  );
};
