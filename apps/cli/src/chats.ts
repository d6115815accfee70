import { type Api, fold, isFoundBy, type RoomData, type RoomOverview } from '@veche/client';
import { EXIT, Failure } from './failure';
import { printable } from './terminal';

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
 * The chat that a person means: one of theirs by id or name, or `@username` for the direct one with somebody. A name
 * may be told by the beginnings of its words, as long as it is one chat that is found so.
 * @throws Failure where there is none, or more than one
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

/**
 * A public chat by its name, or by the beginnings of its words.
 * @throws Failure where more than one is found so
 */
export const publicChat = async (api: Api, wanted: string): Promise<RoomData | undefined> => {
  const found: RoomData[] = [];
  for await (const room of all((cursor) => api.rooms.browse({ search: wanted, cursor }))) {
    if (isCalled(room, wanted)) return room;
    if (found.length < SHOWN) found.push(room);
  }
  return only(found, wanted);
};

const mine = async (api: Api, wanted: string): Promise<RoomOverview | undefined> => {
  const called: RoomOverview[] = [];
  const found: RoomOverview[] = [];
  for await (const room of all((cursor) => api.rooms.list({ limit: 200, cursor }))) {
    if (room.id === wanted.toLowerCase()) return room;
    if (isCalled(room, wanted)) called.push(room);
    else if (room.name !== undefined && isFoundBy(wanted, room.name)) found.push(room);
  }
  return only(called, wanted) ?? only(found, wanted);
};

/** How many are named to whom meant one of them. */
const SHOWN = 10;

const only = <T extends RoomData>(found: readonly T[], wanted: string): T | undefined => {
  if (found.length < 2) return found[0];
  const names = found.slice(0, SHOWN).map(({ name, id }) => `  ${printable(name ?? '')}  ${id}`);
  throw new Failure(
    `"${wanted}" may be one of these; say which, by name or id:\n${names.join('\n')}`,
    EXIT.notFound,
    'ambiguous',
  );
};

export const isCalled = (room: RoomData, name: string): boolean =>
  room.name !== undefined && fold(room.name) === fold(name);
