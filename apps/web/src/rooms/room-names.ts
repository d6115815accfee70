import type { RoomData } from '@veche/client';
import { useEffect, useReducer } from 'react';
import { useChat } from '../chat/chat';
import { useMessages } from '../i18n/i18n';
import { straight } from '../i18n/isolated';
import { nameOf } from '../people/people';
import { useMe } from '../session/session';
import { otherOf } from './room-name';

/** What many rooms are called, to look through them by name. */
export const useRoomNames = (rooms: readonly RoomData[]): ReadonlyMap<string, string> => {
  const { person } = useChat();
  const me = useMe();
  const messages = useMessages();
  const [, tell] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const others = rooms.flatMap((room) => otherOf(room, me.id) ?? []);
    const stops = others.map((id) => person(id).subscribe(tell));
    return () => stops.forEach((stop) => stop());
  }, [rooms, person, me.id]);
  return new Map(
    rooms.map((room) => {
      const other = otherOf(room, me.id);
      return [room.id, other ? nameOf(person(other).get(), messages) : straight(room.name ?? '')];
    }),
  );
};
