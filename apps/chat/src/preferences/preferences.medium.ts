import { NotificationLevel, RoomKind, type RoomOverview, type RoomPreferences } from '@veche/contracts';
import type { AppError } from '@veche/errors';
import { openTestDatabase, type TestDatabase } from '@veche/testing';
import { v7 as uuid } from 'uuid';
import { BreakableBus } from '../../test/breakable-bus';
import { type Hearing, hearing } from '../../test/hearing';
import { People } from '../../test/people';
import { by, type Replica, startReplica } from '../../test/replica';
import { CHAT_DATABASE } from '../chat.database';

const { UNSPECIFIED, ALL, MENTIONS, NOTHING } = NotificationLevel;
const asService = { requestId: 'a-test' };

describe('how people want to have rooms', () => {
  let opened: TestDatabase;
  let replicas: [Replica, Replica];
  let hears: Hearing;
  const people = new People();
  let [anna, boris] = ['', ''];
  let [annaName, borisName] = ['', ''];

  beforeAll(async () => {
    opened = await openTestDatabase(CHAT_DATABASE);
    const bus = new BreakableBus();
    replicas = [
      await startReplica(opened.url, bus, { people }),
      await startReplica(opened.url, bus, { people }),
    ];
    hears = hearing(replicas[1]);
  });
  let named = 0;
  beforeEach(() => {
    [annaName, borisName] = [`anna${++named}`, `boris${named}`];
    [anna, boris] = [people.add(annaName), people.add(borisName)];
    hears.users(anna);
    hears.heard.length = 0;
  });
  afterAll(async () => {
    await Promise.all(replicas.map((r) => r.close()));
    await opened.close();
  });

  const create = async (kind = RoomKind.PRIVATE, ...members: string[]): Promise<string> => {
    const { room } = await replicas[0].rooms.createRoom(
      { name: `room ${uuid()}`, kind, members },
      by(annaName),
    );
    await hears.rooms(room?.id ?? '');
    return room?.id ?? '';
  };
  const direct = async (): Promise<string> => {
    const { room } = await replicas[0].rooms.openDirectRoom({ userId: boris }, by(annaName));
    return room?.id ?? '';
  };
  const overviewOf = async (roomId: string, as = annaName): Promise<RoomOverview> => {
    const { rooms } = await replicas[1].rooms.listRooms({}, by(as));
    const found = rooms.find(({ room }) => room?.id === roomId);
    if (!found) throw new Error('the room is not in the list');
    return found;
  };
  const send = async (roomId: string, as: string, text = 'a text'): Promise<number> => {
    const { entry } = await replicas[0].messages.sendMessage({ roomId, text, clientId: uuid() }, by(as));
    return entry?.seq ?? 0;
  };
  const marksTold = (roomId: string) =>
    hears.heard.flatMap(({ body }) =>
      body?.$case === 'readMark' && body.value.roomId === roomId ? [body.value] : [],
    );
  const problemOf = (call: Promise<unknown>): Promise<unknown> =>
    call.then(
      () => 'was not refused',
      ({ code, data }: AppError) => (data.errors ? data.errors.map(({ field }) => field) : code),
    );

  test('are kept with each room, field by field, and told to every replica', async () => {
    const roomId = await create(RoomKind.PRIVATE, borisName);
    const { preferences } = replicas[0];
    expect((await overviewOf(roomId)).preferences).toBeUndefined();
    const mutedUntil = new Date(Date.now() + 60_000);
    const change = (given: object) => preferences.updateRoomPreferences({ roomId, ...given }, by(annaName));
    await change({ level: NOTHING });
    await change({ muted: true, mutedUntil });
    const { preferences: last } = await change({ favourite: true });
    const is: RoomPreferences = {
      level: NOTHING,
      muted: true,
      mutedUntil,
      favourite: true,
      hiddenSeq: undefined,
      revision: 3,
    };
    expect(last).toEqual(is);
    expect((await overviewOf(roomId)).preferences).toEqual(is);
    expect((await replicas[1].preferences.getRoomPreferences({ roomId }, by(annaName))).preferences).toEqual(
      is,
    );
    const { memberships } = await replicas[1].delivery.listMemberships({ userIds: [anna, boris] }, asService);
    expect(memberships.map((m) => [m.userId, m.preferences]).sort()).toEqual(
      [
        [anna, is],
        [boris, undefined],
      ].sort(),
    );
    const told = hears.heard.flatMap(({ body }) =>
      body?.$case === 'roomPreferencesChanged' ? [body.value] : [],
    );
    expect(told.at(-1)).toEqual({ roomId, userId: anna, preferences: is });
    expect(told).toHaveLength(3);

    await change({ level: UNSPECIFIED, muted: false, favourite: false });
    expect((await overviewOf(roomId)).preferences).toEqual({
      level: UNSPECIFIED,
      muted: false,
      mutedUntil: undefined,
      favourite: false,
      hiddenSeq: undefined,
      revision: 4,
    });
  });

  test('are nobody else’s, and members’ alone', async () => {
    const roomId = await create();
    const change = (given: object, as = annaName) =>
      problemOf(replicas[0].preferences.updateRoomPreferences({ roomId, ...given }, by(as)));
    expect(await change({ favourite: true }, borisName)).toBe('room_not_found');
    expect(await change({ hidden: true })).toEqual(['hidden']);
    expect(await change({ muted: true, mutedUntil: new Date(0) })).toEqual(['mutedUntil']);
    const open = await create(RoomKind.PUBLIC);
    const { preferences } = replicas[0];
    expect(await problemOf(preferences.getRoomPreferences({ roomId: open }, by(borisName)))).toBe(
      'not_a_member',
    );
    expect((await overviewOf(roomId)).preferences).toBeUndefined();
  });

  test('a direct room that is hidden is so up to its next message, and for the other one not at all', async () => {
    const roomId = await direct();
    const seq = await send(roomId, borisName);
    const { preferences } = await replicas[0].preferences.updateRoomPreferences(
      { roomId, hidden: true },
      by(annaName),
    );
    expect(preferences?.hiddenSeq).toBe(seq);
    expect((await overviewOf(roomId, borisName)).preferences).toBeUndefined();
    await replicas[0].preferences.updateRoomPreferences({ roomId, hidden: false }, by(annaName));
    expect((await overviewOf(roomId)).preferences?.hiddenSeq).toBeUndefined();
  });

  test('what is usual for a kind of room can be changed, and put back', async () => {
    const { preferences } = replicas[0];
    const usual = { publicLevel: MENTIONS, privateLevel: MENTIONS, directLevel: ALL };
    expect((await preferences.getPreferences({}, by(annaName))).preferences).toEqual(usual);
    await preferences.updatePreferences({ privateLevel: ALL }, by(annaName));
    const { preferences: last } = await preferences.updatePreferences({ publicLevel: NOTHING }, by(annaName));
    expect(last).toEqual({ publicLevel: NOTHING, privateLevel: ALL, directLevel: ALL });
    const told = hears.heard.flatMap(({ body }) =>
      body?.$case === 'preferencesChanged' ? [body.value] : [],
    );
    expect(told.at(-1)).toEqual({ userId: anna, preferences: last });
    // nobody here has asked to hear of boris
    await preferences.updatePreferences({ privateLevel: ALL }, by(borisName));
    expect(hears.heard.filter(({ body }) => body?.$case === 'preferencesChanged')).toHaveLength(2);
    await preferences.updatePreferences(
      { publicLevel: UNSPECIFIED, privateLevel: UNSPECIFIED },
      by(annaName),
    );
    expect((await replicas[1].preferences.getPreferences({}, by(annaName))).preferences).toEqual(usual);
  });

  test('go with the membership, and with the account', async () => {
    const { rooms, members, preferences, erasure } = replicas[0];
    const roomId = await create(RoomKind.PUBLIC, borisName);
    const other = await create(RoomKind.PRIVATE, borisName);
    const favourite = (id: string) =>
      preferences.updateRoomPreferences({ roomId: id, favourite: true }, by(borisName));
    await favourite(roomId);
    await members.leaveRoom({ roomId }, by(borisName));
    await rooms.joinRoom({ roomId }, by(borisName));
    expect((await overviewOf(roomId, borisName)).preferences).toBeUndefined();

    await favourite(other);
    await preferences.updatePreferences({ publicLevel: ALL }, by(borisName));
    while (!(await erasure.forgetUser({ userId: boris }, asService)).done);
    const left = await opened.database.query(
      `SELECT user_id FROM chat.members WHERE user_id = $1
       UNION ALL SELECT user_id FROM chat.preferences WHERE user_id = $1`,
      [boris],
    );
    expect(left).toEqual([]);
  });

  test('a read mark goes back where that is asked for, to what is unread from there, and forward again', async () => {
    const roomId = await create(RoomKind.PRIVATE, borisName);
    const [first, , third] = [
      await send(roomId, borisName),
      await send(roomId, annaName, `@${annaName}, a note to myself`),
      await send(roomId, borisName, `@${annaName}, look`),
    ];
    const mark = (seq: number, back?: boolean) =>
      replicas[0].members.markRead({ roomId, seq, back }, by(annaName));
    await mark(third);
    expect(await overviewOf(roomId)).toMatchObject({ unread: 0, mentions: 0, readSeq: third });
    await mark(first, true);
    // one's own is not among them
    expect(await overviewOf(roomId)).toMatchObject({ unread: 2, mentions: 1, readSeq: first - 1 });
    await mark(third, true);
    expect(await overviewOf(roomId)).toMatchObject({ unread: 2, readSeq: first - 1 });
    expect(marksTold(roomId)).toEqual([
      { roomId, userId: anna, seq: third, revision: 0, forEverybody: true },
      { roomId, userId: anna, seq: first - 1, revision: 1, forEverybody: false },
    ]);
    await mark(third);
    expect(marksTold(roomId).at(-1)).toMatchObject({ seq: third, revision: 1 });
    // before everything: there is nothing before the first
    await mark(1, true);
    expect(await overviewOf(roomId)).toMatchObject({ unread: 2, readSeq: 0 });
  });

  test('everything is read at once, and only what was not is told', async () => {
    const [read, one, two] = [await create(), await create(RoomKind.PRIVATE, borisName), await direct()];
    await hears.rooms(two);
    const { members } = replicas[0];
    await members.markRead({ roomId: read, seq: 1 }, by(annaName));
    const ends = [await send(one, borisName), await send(two, borisName)];
    hears.heard.length = 0;
    await Promise.all([members.markAllRead({}, by(annaName)), members.markAllRead({}, by(annaName))]);
    for (const id of [read, one, two]) expect(await overviewOf(id)).toMatchObject({ unread: 0 });
    expect([read, one, two].map((id) => marksTold(id).map(({ seq }) => seq))).toEqual([
      [],
      [ends[0]],
      [ends[1]],
    ]);
    // and boris has read nothing by it
    expect((await overviewOf(one, borisName)).readSeq).toBe(0);
  });
});
