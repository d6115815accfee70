import type { MessageCreated } from '@veche/client';
import { CornerUpLeft } from 'lucide-react';
import { type MouseEvent, type ReactNode, useEffect, useState } from 'react';
import { heard } from '../files/said';
import { useMessages } from '../i18n/i18n';
import { useNameOf } from '../people/people';
import { api } from '../session/session';
import style from './entry.module.css';

/** As much of a message as a line shows of it. */
const SHOWN = 200;

interface QuoteProps {
  roomId: string;
  /** The number of the message that is answered. */
  seq: number;
  /** The message, where it is in the part of the log that is shown. */
  known: MessageCreated | undefined;
  tabIndex: number;
  onGo: (seq: number) => void;
}

/** What a message answers: who said what, and the way there. It stays where what is answered was deleted. */
export const Quote = ({ roomId, seq, known, tabIndex, onGo }: QuoteProps): ReactNode => {
  const messages = useMessages();
  const { room } = messages;
  const message = useMessage(roomId, seq, known);
  const name = useNameOf(message?.actorId);
  const go = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    onGo(seq);
  };
  const text =
    message?.deletedAt === undefined ? message && heard(message, messages).slice(0, SHOWN) : room.deleted;
  return (
    <a
      href={`/rooms/${roomId}?at=${seq}`}
      className={style.quote}
      title={room.repliesTo(name)}
      tabIndex={tabIndex}
      onClick={go}
    >
      <CornerUpLeft size={13} aria-hidden />
      <bdi className={style.quoted}>{name}</bdi>
      <span dir="auto">{text}</span>
    </a>
  );
};

/** One that is far up in the log is fetched; where that does not work, the way there is left. */
const useMessage = (
  roomId: string,
  seq: number,
  known: MessageCreated | undefined,
): MessageCreated | undefined => {
  const [fetched, setFetched] = useState<MessageCreated>();
  const isKnown = known !== undefined;
  useEffect(() => {
    if (isKnown) return;
    let isOver = false;
    api.messages.get(roomId, seq).then(
      (message) => !isOver && setFetched(message),
      () => undefined,
    );
    return () => {
      isOver = true;
    };
  }, [roomId, seq, isKnown]);
  return known ?? fetched;
};
