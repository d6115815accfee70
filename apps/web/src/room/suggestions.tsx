import {
  isFoundBy,
  type Members,
  type Profile,
  type Room,
  type RoomOverview,
  roomLinkName,
  type Watchable,
} from '@veche/client';
import { keepPreviousData } from '@tanstack/react-query';
import { AtSign } from 'lucide-react';
import { type ReactNode, useEffect, useReducer, useRef } from 'react';
import { useQuery } from '../app/queries';
import { useChat, useRooms, useWatched } from '../chat/chat';
import { useMessages } from '../i18n/i18n';
import { straight } from '../i18n/isolated';
import { RoomMark } from '../rooms/room-name';
import { api, useMe } from '../session/session';
import { Avatar } from '../ui/avatar';
import type { Typed } from './completing';
import { rightsIn } from './rights';
import style from './suggestions.module.css';

export interface Suggestion {
  readonly key: string;
  /** What is put behind the sign. */
  readonly value: string;
  readonly name: string;
  readonly note: string;
  readonly mark: ReactNode;
}

const MOST = 8;
/** In a larger room people are looked up by the server, and not all of them here. */
const MOST_LOOKED_THROUGH = 200;

/** Whom or what somebody may mean by what they have typed: people of the room first. */
export const useSuggestions = (room: Room, typed: Typed | undefined): readonly Suggestion[] => {
  const people = usePeople(room, typed?.sign === '@' ? typed.word : undefined);
  const rooms = useRoomsCalled(typed?.sign === '#' ? typed.word : undefined);
  return typed?.sign === '#' ? rooms : people;
};

/** Members are loaded when somebody watches them: not before a sign is typed. */
const NOT_YET: Members = { status: 'empty', items: [] };
const UNWATCHED: Watchable<Members> = { get: () => NOT_YET, subscribe: () => () => undefined };

const useMembersOf = (room: Room, isWanted: boolean): readonly Profile[] => {
  const { person } = useChat();
  const members = useWatched(isWanted ? room.members : UNWATCHED);
  const [, tell] = useReducer((count: number) => count + 1, 0);
  const near = isWanted ? members.items.slice(0, MOST_LOOKED_THROUGH) : [];
  useEffect(() => {
    if (!isWanted) return;
    const stops = members.items
      .slice(0, MOST_LOOKED_THROUGH)
      .map(({ userId }) => person(userId).subscribe(tell));
    return () => stops.forEach((stop) => stop());
  }, [members.items, person, isWanted]);
  return near.flatMap(({ userId }) => person(userId).get() ?? []);
};

const usePeople = (room: Room, word: string | undefined): readonly Suggestion[] => {
  const { room: words } = useMessages();
  const me = useMe();
  const overview = useWatched(room.overview);
  const members = useMembersOf(room, word !== undefined);
  const everybody = useWatched(word === undefined ? UNWATCHED : room.members);
  const memberIds = new Set(everybody.items.map(({ userId }) => userId));
  const { data } = useQuery({
    queryKey: ['people', word ?? ''],
    queryFn: ({ signal }) => api.users.search(word ?? '', { signal, limit: 20 }),
    enabled: word !== undefined && word !== '' && me.role !== 'guest' && overview?.kind !== 'direct',
    placeholderData: keepPreviousData,
  });
  if (word === undefined) return [];
  const isMeant = ({ id, username, displayName, deactivated }: Profile): boolean =>
    id !== me.id && !deactivated && isFoundBy(word, username, displayName);
  const inRoom = members.filter(isMeant);
  const found = word === '' ? [] : (data?.items ?? []).filter(isMeant);
  const others = found.filter(({ id }) => !inRoom.some((one) => one.id === id));
  const all =
    overview && rightsIn(overview).callAll
      ? [
          { value: 'room', note: words.everybody },
          { value: 'here', note: words.everybodyHere },
        ]
      : [];
  return [
    ...inRoom.map((one) => suggestionOf(one)),
    ...all
      .filter(({ value }) => isFoundBy(word, value))
      .map(({ value, note }) => ({ key: value, value, name: `@${value}`, note, mark: <AtSign size={18} /> })),
    ...others
      .toSorted((a, b) => Number(memberIds.has(b.id)) - Number(memberIds.has(a.id)))
      .map((one) => suggestionOf(one, memberIds.has(one.id) ? '' : words.notInRoom)),
  ].slice(0, MOST);
};

const suggestionOf = ({ id, username, displayName }: Profile, note = ''): Suggestion => ({
  key: id,
  value: username,
  name: straight(displayName),
  note: [`@${username}`, note].filter(Boolean).join(' · '),
  mark: <Avatar id={id} name={displayName} size="small" />,
});

const useRoomsCalled = (word: string | undefined): readonly Suggestion[] => {
  const mine = useRooms();
  const { data } = useQuery({
    queryKey: ['rooms', 'browse', word ?? ''],
    queryFn: () => api.rooms.browse({ search: word ?? '', limit: 20 }),
    enabled: word !== undefined && word !== '',
    placeholderData: keepPreviousData,
  });
  if (word === undefined) return [];
  const own = mine.items.filter(({ kind }) => kind !== 'direct');
  const others = (data?.items ?? []).filter(({ id }) => !own.some((one) => one.id === id));
  return [...own, ...others]
    .filter(({ name = '' }) => isFoundBy(word, name, roomLinkName(name)))
    .slice(0, MOST)
    .map((room) => ({
      key: room.id,
      value: roomLinkName(room.name ?? ''),
      name: straight(room.name ?? ''),
      note: room.topic,
      mark: <RoomMark room={room as RoomOverview} />,
    }));
};

interface SuggestionsProps {
  id: string;
  suggestions: readonly Suggestion[];
  current: number;
  onChoose: (suggestion: Suggestion) => void;
}

/** Above where one writes. The focus stays there: keys go along the list, and the text is told which one is meant. */
export const Suggestions = ({ id, suggestions, current, onChoose }: SuggestionsProps): ReactNode => {
  const { room } = useMessages();
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    void list.current?.children[current]?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  return (
    <ul ref={list} id={id} role="listbox" aria-label={room.suggestions} className={style.list}>
      {suggestions.map((one, i) => (
        <li
          key={one.key}
          id={`${id}-${i}`}
          role="option"
          aria-selected={i === current}
          className={style.option}
          // before the text loses the focus
          onMouseDown={(event) => {
            event.preventDefault();
            onChoose(one);
          }}
        >
          <span className={style.mark}>{one.mark}</span>
          <bdi className={style.name}>{one.name}</bdi>
          <span className={style.note}>{one.note}</span>
        </li>
      ))}
    </ul>
  );
};
