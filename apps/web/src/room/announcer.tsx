import { isInRoom, type Room } from '@veche/client';
import { type ReactNode, useEffect, useState } from 'react';
import { useChat } from '../chat/chat';
import { heard } from '../files/said';
import { useMessages } from '../i18n/i18n';
import { isolated } from '../i18n/isolated';
import { nameOf } from '../people/people';
import { useMe } from '../session/session';

/** More than this is said in a second is not read out: nobody could listen to it. */
const PACE_MS = 1_000;

/** Reads out what others say in the open room, for who hears the page. */
export const Announcer = ({ room }: { room: Room }): ReactNode => {
  const chat = useChat();
  const me = useMe();
  const messages = useMessages();
  const [said, setSaid] = useState('');
  useEffect(() => {
    let free = 0;
    return chat.on('message', (message) => {
      const { roomId, actorId } = message;
      if (roomId !== room.id || actorId === me.id || !isInRoom(message) || Date.now() < free) return;
      free = Date.now() + PACE_MS;
      const name = isolated(nameOf(chat.person(actorId).get(), messages));
      setSaid([name, heard(message, messages).slice(0, 300)].filter(Boolean).join(': '));
    });
  }, [chat, room.id, me.id, messages]);
  return (
    <div className="heard-only" role="status">
      {said}
    </div>
  );
};
