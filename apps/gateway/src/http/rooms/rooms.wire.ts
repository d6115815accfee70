import {
  type BrowseRoomsResponse,
  type CreateRoomRequest,
  type ListRoomsResponse,
  roomKindText,
} from '@veche/contracts';
import { roomOverviewToJson, roomToJson } from '../../rooms/room.wire';
import type { CreateRoomBody, RoomOverviewsDto, RoomsDto } from './rooms.dto';

export const createRoomRequest = ({ kind, members, ...rest }: CreateRoomBody): CreateRoomRequest => ({
  ...rest,
  kind: roomKindText.value(kind),
  members: members ?? [],
});

export const roomsToJson = ({ rooms, nextCursor }: BrowseRoomsResponse): RoomsDto => ({
  items: rooms.map(roomToJson),
  nextCursor,
});

export const roomOverviewsToJson = ({ rooms, nextCursor }: ListRoomsResponse): RoomOverviewsDto => ({
  items: rooms.map(roomOverviewToJson),
  nextCursor,
});
