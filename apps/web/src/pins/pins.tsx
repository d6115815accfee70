import { Link } from '@tanstack/react-router';
import type { MessageCreated, Room, RoomOverview } from '@veche/client';
import { PinOff } from 'lucide-react';
import type { ReactNode } from 'react';
import { useProblemText } from '../app/problem';
import { useWatched } from '../chat/chat';
import { briefly } from '../files/said';
import { useFormats, useMessages } from '../i18n/i18n';
import { useNameOf } from '../people/people';
import { Panel, PanelList } from '../room/panel';
import { rightsIn } from '../room/rights';
import { IconButton } from '../ui/button';
import { Notice } from '../ui/notice';
import { Skeleton } from '../ui/skeleton';
import { toast } from '../ui/toast';
import style from './pins.module.css';

interface PinsProps {
  room: Room;
  overview: RoomOverview;
  onClose: () => void;
}

/** What a room keeps at hand, and the way to each of it. */
export const Pins = ({ room, overview, onClose }: PinsProps): ReactNode => {
  const messages = useMessages();
  const text = useProblemText();
  const pins = useWatched(room.pins);
  const { pin } = rightsIn(overview);
  const unpin = (seq: number): void =>
    void room.pin(seq, false).catch((error: unknown) => toast(text(error)));
  return (
    <Panel
      label={messages.pins.title}
      title={messages.pins.title}
      wide
      content={[pins.items]}
      onClose={onClose}
    >
      {pins.error && <Notice>{text(pins.error)}</Notice>}
      {pins.status === 'ready' && pins.items.length === 0 && (
        <div className={style.empty}>
          <p>{messages.pins.empty}</p>
          {pin && <p className={style.hint}>{messages.pins.emptyText}</p>}
        </div>
      )}
      <PanelList busy={pins.status === 'loading'}>
        {pins.items.map((message) => (
          <Pinned key={message.seq} message={message} onUnpin={pin ? () => unpin(message.seq) : undefined} />
        ))}
        {pins.status === 'loading' &&
          pins.items.length === 0 &&
          [70, 45].map((width) => (
            <li key={width} className={style.item}>
              <Skeleton width={`${width}%`} height="2.5rem" />
            </li>
          ))}
      </PanelList>
    </Panel>
  );
};

interface PinnedProps {
  message: MessageCreated;
  /** Left out where one may not. */
  onUnpin: (() => void) | undefined;
}

const Pinned = ({ message, onUnpin }: PinnedProps): ReactNode => {
  const messages = useMessages();
  const { pins } = messages;
  const formats = useFormats();
  const author = useNameOf(message.actorId);
  const by = useNameOf(message.pinnedBy);
  return (
    <li className={style.item}>
      <Link
        to="/rooms/$roomId"
        params={{ roomId: message.roomId }}
        search={{ at: message.seq }}
        className={style.link}
        data-pinned={message.seq}
      >
        <span className={style.line}>
          <bdi className={style.author}>{author}</bdi>
          <time dateTime={message.at} className={style.time}>
            {formats.moment(new Date(message.at))}
          </time>
        </span>
        <span className={style.text} dir="auto">
          {briefly(message, messages)}
        </span>
        <span className={style.by}>{pins.pinnedBy(by)}</span>
      </Link>
      {onUnpin && (
        <IconButton label={pins.unpin} onPress={onUnpin}>
          <PinOff size={16} />
        </IconButton>
      )}
    </li>
  );
};
