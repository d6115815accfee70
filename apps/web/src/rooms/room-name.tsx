import type { RoomData as Room } from '@veche/client';
import { Hash, Lock } from 'lucide-react';
import type { ReactNode } from 'react';
import { straight } from '../i18n/isolated';
import { useNameOf, usePerson } from '../people/people';
import { PersonAvatar } from '../people/person-avatar';
import { useMe } from '../session/session';
import { Tile, type TileSize } from '../ui/avatar';

/** The other one of a direct room; in a room with oneself, oneself. */
export const otherOf = (room: Room, me: string): string | undefined =>
  room.kind === 'direct' ? (room.userIds?.find((id) => id !== me) ?? me) : undefined;

/** What a room is called: its name, or that of the other one. '' while that is on its way. */
export const useRoomName = (room: Room): string => {
  const me = useMe();
  const other = useNameOf(otherOf(room, me.id));
  return room.kind === 'direct' ? other : straight(room.name ?? '');
};

/** A room's sign, beside its name. */
export const RoomMark = ({ room, size = 'medium' }: { room: Room; size?: TileSize }): ReactNode => {
  const me = useMe();
  const other = otherOf(room, me.id);
  const person = usePerson(other);
  if (other) return <PersonAvatar id={other} name={person?.displayName ?? ''} size={size} />;
  const Sign = room.kind === 'private' ? Lock : Hash;
  return (
    <Tile id={room.id} shape="square" size={size}>
      <Sign size={size === 'medium' ? 18 : 13} strokeWidth={2.5} />
    </Tile>
  );
};
