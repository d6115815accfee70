import { useNavigate, useRouter } from '@tanstack/react-router';
import { type ConnectionState, isMuted, type RoomOverview } from '@veche/client';
import { type ReactNode, useEffect } from 'react';
import { preferences } from '../appearance/preferences';
import { countInTitle } from '../app/page-title';
import { useChat } from '../chat/chat';
import { briefly } from '../files/said';
import { useMessages } from '../i18n/i18n';
import { isolated } from '../i18n/isolated';
import { nameOf } from '../people/people';
import { useMe } from '../session/session';
import { isWaiting } from '../side/sections';
import { showBadge } from './favicon';
import { useIdle } from './idle';
import { mayNotify, notify } from './notifier';

/** A tab that was told of this much in a row is silent for a while: nobody reads two hundred notifications. */
const QUIET_MS = 2_000;
/** What is older than this is no news. */
const OLD_MS = 60_000;
/** How long after a connection has begun it may still be told what was missed. */
const CATCHING_UP_MS = 60_000;

/** By this machine's clock, which may be wrong by any amount. */
const isOld = (at: string): boolean => Date.now() - Date.parse(at) > OLD_MS;

const isBack = (state: ConnectionState): boolean =>
  state.status === 'online' && Date.now() - state.since < CATCHING_UP_MS;

/** Calls whoever looks elsewhere: in the title, in the favicon, and by the system where that is wished. */
export const Attention = (): ReactNode => {
  useUnreadInTab();
  useNotifications();
  useIdle();
  return null;
};

/** How many messages are for the reader: those that name them, and all that are said to them alone; none that are muted. */
const callingIn = (room: RoomOverview, now: number): number => {
  if (isMuted(room, now)) return 0;
  return room.kind === 'direct' ? room.unread : room.mentions;
};

const useUnreadInTab = (): void => {
  const { rooms } = useChat();
  useEffect(() => {
    let shown = '';
    const show = (): void => {
      const { items } = rooms.get();
      const now = Date.now();
      const calling = items.reduce((sum, room) => sum + callingIn(room, now), 0);
      const something = items.some((room) => isWaiting(room, now));
      if (shown === `${calling} ${something}`) return;
      shown = `${calling} ${something}`;
      countInTitle(calling, something);
      showBadge(calling);
    };
    show();
    const stop = rooms.subscribe(show);
    return () => {
      stop();
      countInTitle(0);
      showBadge(0);
    };
  }, [rooms]);
};

const useNotifications = (): void => {
  const chat = useChat();
  const me = useMe();
  const messages = useMessages();
  const router = useRouter();
  const navigate = useNavigate();
  useEffect(() => {
    let quietUntil = 0;
    // they are known as long as somebody watches them
    const stop = chat.preferences.subscribe(() => undefined);
    const stopHearing = chat.on('message', (message) => {
      const { roomId, seq, actorId, at } = message;
      const { notifications } = preferences();
      const room = chat.room(roomId).overview.get();
      if (!notifications || !mayNotify() || !chat.isNotifiedOf(message)) return;
      if (chat.presence(me.id).get()?.availability === 'dnd') return;
      // what was said long ago, and is told now because we were away, is in the list of rooms
      if (!room || seq <= room.readSeq || (isOld(at) && isBack(chat.connection.get()))) return;
      const isOpen = router.state.location.pathname === `/rooms/${roomId}`;
      if (document.hasFocus() && isOpen) return;
      if (Date.now() < quietUntil) return;
      quietUntil = Date.now() + QUIET_MS;
      const author = nameOf(chat.person(actorId).get(), messages) || messages.shell.newMessage;
      // one for each room and message: several tabs that are told of it show it once
      const shown = notify([author, room.name ?? ''].filter(Boolean).map(isolated).join(' · '), {
        body: briefly(message, messages).slice(0, 200),
        tag: `${roomId} ${seq}`,
        icon: '/favicon.svg',
      });
      if (!shown) return;
      shown.onclick = () => {
        window.focus();
        shown.close();
        void navigate({ to: '/rooms/$roomId', params: { roomId }, search: { at: seq } });
      };
    });
    return () => {
      stop();
      stopHearing();
    };
  }, [chat, me.id, messages, router, navigate]);
};
