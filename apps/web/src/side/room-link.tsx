import type { RoomOverview } from '@veche/client';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useFormats, useMessages } from '../i18n/i18n';
import { useToday } from '../i18n/today';
import { plain } from '../markdown/plain';
import { useNameOf } from '../people/people';
import { useDraft } from '../room/drafts';
import { RoomMark, useRoomName } from '../rooms/room-name';
import { useMe } from '../session/session';
import { Unread } from '../ui/badge';
import { Skeleton } from '../ui/skeleton';
import style from './side.module.css';

/** The way to a room, and what is new in it. */
export const RoomLink = ({ room }: { room: RoomOverview }): ReactNode => {
  const formats = useFormats();
  const today = useToday();
  const name = useRoomName(room);
  const at = room.lastMessage?.at;
  return (
    <Link
      to="/rooms/$roomId"
      params={{ roomId: room.id }}
      className={`${style.room} ${room.unread > 0 ? style.isUnread : ''}`}
    >
      <RoomMark room={room} />
      <span className={style.lines}>
        <span className={style.line}>
          <span className={style.name} dir="auto">
            {name || <Skeleton width="60%" height="1rem" />}
          </span>
          {at && <time className={style.time}>{formats.brief(new Date(at), today)}</time>}
        </span>
        <span className={style.line}>
          <Preview room={room} />
          {room.unread > 0 && (
            <Unread count={room.unread} mentions={room.mentions} isQuiet={room.kind !== 'direct'} />
          )}
        </span>
      </span>
    </Link>
  );
};

const Preview = ({ room }: { room: RoomOverview }): ReactNode => {
  const { shell, you, room: words } = useMessages();
  const me = useMe();
  const draft = useDraft(me.id, room.id);
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
  const text = lastMessage.deletedAt ? words.deleted : plain(lastMessage.text);
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
