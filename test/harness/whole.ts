import type { Client, ConnectionState, Member, Members, RoomOverview, Timeline } from '@veche/client';
import { isDeepStrictEqual } from 'node:util';
import type { Person } from './people';
import type { Items } from './wire';

/** What a client of the SDK shows. */
export interface Seen {
  readonly status: ConnectionState['status'];
  readonly rooms: readonly RoomOverview[];
  readonly opened: Record<string, { timeline: Timeline; members: Members }>;
}

export const seenBy = (client: Client): Seen => {
  const { items } = client.rooms.get();
  const opened = items.map(({ id }) => {
    const { timeline, members } = client.room(id);
    return [id, { timeline: timeline.get(), members: members.get() }] as const;
  });
  return { status: client.connection.get().status, rooms: items, opened: Object.fromEntries(opened) };
};

/** A member and the entry that brought them are of one transaction, whose clock is read twice. */
const MOMENT_MS = 1_000;

const withoutMoment = (members: readonly Member[], fresh: readonly Member[]): Member[] =>
  members.map((member) => {
    const joinedAt = fresh.find(({ userId }) => userId === member.userId)?.joinedAt ?? '';
    return Math.abs(Date.parse(joinedAt) - Date.parse(member.joinedAt ?? '')) < MOMENT_MS
      ? { ...member, joinedAt }
      : member;
  });

/** JSON knows no difference between what is undefined and what is not there. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const byId = <T>(items: readonly T[], id: (item: T) => string): Record<string, T> =>
  Object.fromEntries(items.map((item) => [id(item), item]));

/** Where what a client shows is not what the server tells somebody who asks anew; empty where they agree. */
export const differences = async (seen: Seen, fresh: Person): Promise<string[]> => {
  const found: string[] = [];
  const compare = (what: string, shown: unknown, true_: unknown): void => {
    const [a, b] = [plain(shown), plain(true_)];
    if (!isDeepStrictEqual(a, b)) found.push(`${what}: ${JSON.stringify(a)}\n  and not ${JSON.stringify(b)}`);
  };
  if (seen.status !== 'online') found.push(`it is ${seen.status}`);
  const { items } = await fresh.rest.get<Items<RoomOverview>>('/rooms?limit=200');
  compare(
    'rooms',
    byId(seen.rooms, (r) => r.id),
    byId(items, (r) => r.id),
  );
  for (const { id, lastSeq } of items) {
    const { timeline, members } = seen.opened[id] ?? {};
    if (timeline?.status === 'ready') {
      const { entries, pending, reachedEnd } = timeline;
      compare(
        `numbers of ${id}`,
        entries.map((e) => e.seq),
        entries.map((_, i) => (entries[0]?.seq ?? 1) + i),
      );
      if (!reachedEnd || entries.at(-1)?.seq !== lastSeq) found.push(`${id} ends before ${lastSeq}`);
      const log = await fresh.log(id);
      compare(`entries of ${id}`, entries, log.slice(-entries.length));
      if (pending.length > 0) found.push(`pending in ${id}: ${JSON.stringify(pending)}`);
    }
    if (members?.status === 'ready') {
      const list = await fresh.rest.get<Items<Member>>(`/rooms/${id}/members?limit=1000`);
      compare(
        `members of ${id}`,
        byId(withoutMoment(members.items, list.items), (m) => m.userId),
        byId(list.items, (m) => m.userId),
      );
    }
    for (const { status } of [timeline, members].filter((part) => part !== undefined))
      if (status === 'loading' || status === 'failed') found.push(`${id} is ${status}`);
  }
  return found;
};
