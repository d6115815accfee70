import type { Api, RoomData, RoomOverview } from '@veche/client';
import { EXIT, Failure } from './failure';

/** Every page of a list. */
export async function* all<T>(
  page: (cursor?: string) => Promise<{ items: T[]; nextCursor?: string }>,
): AsyncGenerator<T> {
  let cursor: string | undefined;
  do {
    const { items, nextCursor } = await page(cursor);
    yield* items;
    cursor = nextCursor;
  } while (cursor !== undefined);
}

export const myChats = async (api: Api): Promise<RoomOverview[]> => {
  const rooms: RoomOverview[] = [];
  for await (const room of all((cursor) => api.rooms.list({ limit: 200, cursor }))) rooms.push(room);
  return rooms;
};

/**
 * The chat that a person means: one of theirs by name or id, or `@username` for the direct one with somebody.
 * @throws Failure where there is none
 */
export const chatOf = async (api: Api, wanted: string): Promise<RoomData> => {
  if (wanted.startsWith('@')) return api.rooms.openDirect({ username: wanted.slice(1) });
  const found = await mine(api, wanted);
  if (found) return found;
  const open = await publicChat(api, wanted);
  throw open
    ? new Failure(
        `You are not in "${open.name}". Run: veche join "${open.name}"`,
        EXIT.notFound,
        'not_a_member',
      )
    : new Failure(`You have no chat "${wanted}". Run: veche rooms`, EXIT.notFound, 'room_not_found');
};

/** A public chat by its name. */
export const publicChat = async (api: Api, wanted: string): Promise<RoomData | undefined> => {
  for await (const room of all((cursor) => api.rooms.browse({ search: wanted, cursor })))
    if (isCalled(room, wanted)) return room;
  return undefined;
};

const mine = async (api: Api, wanted: string): Promise<RoomOverview | undefined> => {
  for await (const room of all((cursor) => api.rooms.list({ limit: 200, cursor })))
    if (room.id === wanted.toLowerCase() || isCalled(room, wanted)) return room;
  return undefined;
};

const isCalled = (room: RoomData, name: string): boolean => room.name?.toLowerCase() === name.toLowerCase();
