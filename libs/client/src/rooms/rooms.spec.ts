import type { Entry, Ready, RoomOverview } from '@veche/protocol';
import { eventually } from '@veche/testing';
import type { Connection } from '../connection';
import type { Api } from '../rest/api';
import { Look } from './look';
import { memberList } from './members';
import { pinList } from './pins';
import { ReadMarker } from './read-marker';
import { RoomRecord } from './record';
import { Rooms } from './rooms';
import { TimelineWindow } from './timeline';

const time = (n: number): string => new Date(Date.UTC(2026, 0, 1) + n * 1_000).toISOString();
const room = (n: number): RoomOverview =>
  ({ id: `r${n}`, lastSeq: 1, readSeq: 0, unread: 0, memberCount: 1, createdAt: time(n) }) as RoomOverview;

/** A server with rooms, the newest first, as GET /rooms has them; and who keeps them. */
const open = (count: number) => {
  let stored = Array.from({ length: count }, (_, i) => room(count - i));
  const pages: { limit?: number; cursor?: string }[] = [];
  let told = 0;
  let meanwhile: (pages: number) => void = () => undefined;
  const api = {
    rooms: {
      list: async (query: { limit?: number; cursor?: string }) => {
        pages.push(query);
        const from = Number(query.cursor ?? 0);
        const to = from + (query.limit ?? 50);
        const page = {
          items: stored.slice(from, to),
          nextCursor: to < stored.length ? String(to) : undefined,
        };
        meanwhile(pages.length);
        await new Promise(setImmediate);
        return page;
      },
    },
  } as unknown as Api;
  const added: string[] = [];
  const removed: string[] = [];
  const fetch = async (): Promise<{ items: Entry[]; lastSeq: number }> => ({ items: [], lastSeq: 0 });
  const rooms: Rooms = new Rooms({
    api,
    connection: () => ({ online: true }) as Connection,
    record: (id) =>
      new RoomRecord(
        id,
        new TimelineWindow({
          fetch,
          found: () => undefined,
          head: () => 0,
          pending: () => [],
          me: () => 'me',
        }),
        memberList(
          async () => [],
          () => () => undefined,
        ),
        pinList(
          async () => [],
          () => 'me',
        ),
        new ReadMarker(async () => undefined),
        new Look({
          roomId: id,
          call: () => Promise.reject(new Error('nobody looks')),
          online: () => true,
          head: () => 0,
          entered: () => undefined,
        }),
      ),
    entered: () => undefined,
    added: ({ id }) => added.push(id),
    removed: (id) => removed.push(id),
    skipped: () => undefined,
    passedOver: () => undefined,
  });
  // as a page does that shows the list
  rooms.source.subscribe(() => {
    told++;
    rooms.source.get();
  });
  const ready = (): Ready => ({
    userId: 'me',
    sessionId: 's',
    expiresAt: time(0),
    rooms: stored.map(({ id, lastSeq, readSeq, mentions }) => ({ id, lastSeq, readSeq, mentions })),
  });
  return {
    rooms,
    pages,
    added,
    removed,
    told: () => told,
    ids: () => rooms.source.get().items.map(({ id }) => id),
    loaded: async () => {
      rooms.begin(ready());
      await eventually(() => rooms.source.get().loaded);
    },
    ready,
    begin: () => rooms.begin(ready()),
    store: (change: (rooms: RoomOverview[]) => RoomOverview[]) => (stored = change(stored)),
    stored: () => stored,
    /** Called while a page, the first or another, is on its way. */
    meanwhile: (then: (pages: number) => void) => (meanwhile = then),
  };
};

describe('the list of rooms', () => {
  it('is loaded in pages, and whoever watches is told once for each', async () => {
    const server = open(5_000);
    await server.loaded();
    expect(server.ids()).toEqual(server.stored().map(({ id }) => id));
    expect(server.pages).toHaveLength(25);
    expect(server.told()).toBeLessThanOrEqual(27);
    expect(server.added).toHaveLength(5_000);
  });

  it('is loaded once where the connection tells of its rooms in parts', async () => {
    const server = open(2_000);
    const { rooms, ...ready } = server.ready();
    server.rooms.begin({ ...ready, rooms: rooms.slice(0, 200), more: true });
    let from = 200;
    server.meanwhile(() => {
      if (from >= rooms.length) return;
      const part = rooms.slice(from, from + 500);
      from += 500;
      server.rooms.beginMore({ rooms: part, more: from < rooms.length ? true : undefined });
    });
    await eventually(() => server.rooms.source.get().loaded);
    expect(server.ids()).toEqual(server.stored().map(({ id }) => id));
    expect(server.pages).toHaveLength(10);
  });

  it('keeps the newer of what the user has said of a room, in whichever order it is told', async () => {
    const server = open(2);
    const mark = (seq: number, revision?: number): void =>
      server.rooms.takeMark({ roomId: 'r2', userId: 'me', seq, revision });
    const shown = () => server.rooms.source.get().items.find(({ id }) => id === 'r2');
    server.store((all) => all.map((one) => ({ ...one, lastSeq: 9 })));
    // told while the room is not known yet
    server.rooms.begin(server.ready());
    server.rooms.prefer('r2', { favourite: true, revision: 2 });
    mark(7);
    await eventually(() => server.rooms.source.get().loaded);
    expect(shown()).toMatchObject({ favourite: true, revision: 2, readSeq: 7 });
    server.rooms.prefer('r2', { muted: true, revision: 1 });
    expect(shown()?.muted).toBeUndefined();
    // put back on another device: what was marked before that comes late
    mark(3, 3);
    mark(8, 2);
    expect(shown()).toMatchObject({ readSeq: 3, favourite: true, revision: 3 });
    mark(5, 3);
    expect(shown()?.readSeq).toBe(5);
    // and a page from before either says nothing new
    await eventually(() => server.pages.length > 1 && shown()?.readSeq === 5);
    expect(shown()).toMatchObject({ readSeq: 5, favourite: true });
    server.rooms.prefer('r2', { revision: 4 });
    expect(shown()).toMatchObject({ revision: 4, readSeq: 5 });
    expect(shown()?.favourite).toBeUndefined();
  });

  it('that is empty is loaded as well', async () => {
    const server = open(0);
    await server.loaded();
    expect(server.ids()).toEqual([]);
  });

  it('costs one short page where one becomes a member, however many rooms there are', async () => {
    const server = open(5_000);
    await server.loaded();
    server.pages.length = 0;
    server.store((rooms) => [room(6_000), ...rooms]);
    server.rooms.add(room(6_000));
    await eventually(() => server.ids()[0] === 'r6000');
    expect(server.pages).toEqual([{ limit: 20, cursor: undefined }]);
    expect(server.ids()).toHaveLength(5_001);
  });

  it('costs few pages where one becomes a member of many at once', async () => {
    const server = open(1_000);
    await server.loaded();
    server.pages.length = 0;
    for (let n = 2_000; n < 2_300; n++) {
      server.store((rooms) => [room(n), ...rooms]);
      server.rooms.add(room(n));
    }
    await eventually(() => server.ids().length === 1_300);
    expect(server.pages.length).toBeLessThanOrEqual(6);
    expect(server.added).toHaveLength(1_300);
  });

  it('is not asked for by a new connection that brings nothing new', async () => {
    const server = open(300);
    await server.loaded();
    server.pages.length = 0;
    server.begin();
    await new Promise(setImmediate);
    expect(server.pages).toEqual([]);
  });

  it('finds a room that it was told of wherever it stands in the list', async () => {
    const server = open(900);
    await server.loaded();
    server.store((rooms) => [
      ...rooms.slice(0, 700),
      { ...room(5_000), createdAt: time(200) },
      ...rooms.slice(700),
    ]);
    server.rooms.add(room(5_000));
    await eventually(() => server.ids().includes('r5000'));
    expect(server.ids()).toHaveLength(901);
  });

  it('finds one that moved between two pages while they were read', async () => {
    const server = open(600);
    // from the last page to the first
    server.meanwhile((pages) => {
      if (pages === 1)
        server.store((rooms) => [{ ...room(1), createdAt: time(9_000) }, ...rooms.slice(0, -1)]);
    });
    server.begin();
    await eventually(() => server.ids().length === 600);
    expect(server.ids()[0]).toBe('r1');
    expect(new Set(server.added).size).toBe(600);
  });

  it('does not bring back what was left while a page of before was on its way', async () => {
    const server = open(10);
    server.meanwhile(() => server.rooms.remove('r5'));
    server.begin();
    await eventually(() => server.rooms.source.get().loaded);
    expect(server.ids()).toHaveLength(9);
    expect(server.ids()).not.toContain('r5');
  });
});

it('what was deleted is not unread, also where its messages are not here', async () => {
  const server = open(2);
  server.store(([newest, ...rest]) => [{ ...newest!, unread: 3 }, ...rest]);
  await server.loaded();
  const unread = (): number | undefined => server.rooms.records.get('r2')?.overview?.unread;
  expect(unread()).toBe(3);
  server.store(([newest, ...rest]) => [{ ...newest!, lastSeq: 2, unread: 1 }, ...rest]);
  server.rooms.take({
    roomId: 'r2',
    seq: 2,
    actorId: 'gone',
    at: time(9),
    type: 'messages.deleted',
    userId: 'gone',
  });
  await eventually(() => unread() === 1);
});

describe('a large room that is not looked at', () => {
  const seen = (server: ReturnType<typeof open>) => server.rooms.records.get('r1')!.source.get()!;

  it('has something unread and goes to the top of the list, once something is said in it', async () => {
    const server = open(3);
    await server.loaded();
    expect(server.ids()).toEqual(['r3', 'r2', 'r1']);
    server.rooms.takeMoved({ roomId: 'r1', lastSeq: 20 });
    expect(seen(server)).toMatchObject({ lastSeq: 20, unread: 0 });
    expect(seen(server).unreadMore).toBeUndefined();
    expect(server.ids()).toEqual(['r3', 'r2', 'r1']);
    server.rooms.takeMoved({ roomId: 'r1', lastSeq: 30, lastMessage: { seq: 25, at: time(50) } });
    expect(seen(server)).toMatchObject({ lastSeq: 30, unread: 1, unreadMore: true });
    expect(server.ids()).toEqual(['r1', 'r3', 'r2']);

    // read elsewhere, or marked without a look
    server.rooms.takeMark({ roomId: 'r1', userId: 'me', seq: 30 });
    expect(seen(server)).toMatchObject({ readSeq: 30, unread: 0 });
  });

  it('has nothing unread where the message is of the user', async () => {
    const server = open(1);
    await server.loaded();
    const own = { type: 'message.created', roomId: 'r1', seq: 20, actorId: 'me', at: time(9) };
    server.rooms.take(own as Entry);
    server.rooms.takeMoved({ roomId: 'r1', lastSeq: 20, lastMessage: { seq: 20, at: time(9) } });
    expect(seen(server)).toMatchObject({ lastSeq: 20, unread: 0 });
  });

  it('is counted when it is looked at, by what the look has brought', async () => {
    const server = open(1);
    await server.loaded();
    const record = server.rooms.records.get('r1')!;
    server.rooms.takeMoved({ roomId: 'r1', lastSeq: 3, lastMessage: { seq: 3, at: time(9) } });
    const said = (seq: number): Entry =>
      ({
        type: 'message.created',
        roomId: 'r1',
        seq,
        actorId: 'anna',
        at: time(9),
        mentions: [],
      }) as unknown as Entry;
    // what is new comes before what was missing
    server.rooms.take(said(4));
    server.rooms.takeEntered(record, 1, { events: [said(2), said(3), said(4)], lastSeq: 4, complete: true });
    expect(record.head).toBe(4);
    expect(seen(server)).toMatchObject({ lastSeq: 4, unread: 3 });
    expect(seen(server).unreadMore).toBeUndefined();
  });
});
