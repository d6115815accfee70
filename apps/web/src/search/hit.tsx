import { Link } from '@tanstack/react-router';
import type { RoomOverview, SearchHit } from '@veche/client';
import { Fragment, type ReactNode } from 'react';
import { useOverview } from '../chat/chat';
import { filesText } from '../files/said';
import { useFormats, useMessages } from '../i18n/i18n';
import { useNameOf } from '../people/people';
import { RoomMark, useRoomName } from '../rooms/room-name';
import style from './search-page.module.css';

interface HitProps {
  hit: SearchHit;
  /** It is about to be opened. */
  onOpen: () => void;
}

/** A message that was found: where, who, when and what; it leads to its place. */
export const Hit = ({ hit, onOpen }: HitProps): ReactNode => {
  const { roomId, seq, message } = hit;
  const room = useOverview(roomId);
  const author = useNameOf(message.actorId);
  const messages = useMessages();
  const formats = useFormats();
  const files = filesText(message.attachments, messages);
  return (
    <li>
      <Link
        to="/rooms/$roomId"
        params={{ roomId }}
        search={{ at: seq }}
        state={{ found: true }}
        className={style.hit}
        data-hit={`${roomId}/${seq}`}
        onClick={onOpen}
      >
        {room && <Where room={room} />}
        <span className={style.line}>
          <bdi className={style.author}>{author}</bdi>
          <time dateTime={message.at} className={style.time}>
            {formats.moment(new Date(message.at))}
          </time>
        </span>
        {files && <span className={style.files}>{files}</span>}
        <span className={style.excerpt} dir="auto">
          {marked(hit)}
        </span>
      </Link>
    </li>
  );
};

const Where = ({ room }: { room: RoomOverview }): ReactNode => (
  <span className={style.where}>
    <RoomMark room={room} size="small" />
    <span className={style.room} dir="auto">
      {useRoomName(room)}
    </span>
  </span>
);

/** Cut where the server says that something was found: whatever the pieces look like, they are text. */
const marked = ({ excerpt, marks }: SearchHit): ReactNode => (
  <>
    {marks.map(([from, to], i) => (
      <Fragment key={from}>
        {excerpt.slice(marks[i - 1]?.[1] ?? 0, from)}
        <mark className={style.mark}>{excerpt.slice(from, to)}</mark>
      </Fragment>
    ))}
    {excerpt.slice(marks.at(-1)?.[1] ?? 0)}
  </>
);
