import {
  type Entry,
  type Room,
  RoomKind,
  RoomRole,
  roomRoleText,
  ROOMS,
  type SubscribeResponse,
} from '@veche/contracts';
import type { AppError } from '@veche/errors';
import { openTestDatabase, type TestDatabase } from '@veche/testing';
import { v7 as uuid } from 'uuid';
import { BreakableBus } from '../../test/breakable-bus';
import { type Hearing, hearing } from '../../test/hearing';
import { People } from '../../test/people';
import { by, type Replica, type Rooms, startReplica } from '../../test/replica';
import { CHAT_DATABASE } from '../chat.database';
import { LogRepository } from '../log/log.repository';

const { PUBLIC, PRIVATE } = RoomKind;
const { MEMBER, MODERATOR, OWNER } = RoomRole;

describe('members', () => {
  let opened: TestDatabase;
  let replica: Replica;
  let rooms: Rooms;
  let heard: SubscribeResponse[];
  let hears: Hearing;
  const people = new People();
  const names = ['anna', 'boris', 'clara', 'dmitri'] as const;
  const [anna, boris, clara, dmitri] = names.map((name) => people.add(name)) as [
    string,
    string,
    string,
    string,
  ];
  const steward = people.add('steward', 'moderator');
  people.add('guest', 'guest');

  beforeAll(async () => {
    opened = await openTestDatabase(CHAT_DATABASE);
    replica = await startReplica(opened.url, new BreakableBus(), { people });
    rooms = replica.get<Rooms>(ROOMS.token);
    hears = hearing(replica);
    heard = hears.heard;
  });
  afterAll(async () => {
    await replica.close();
    await opened.close();
  });

  let made = 0;
  /** A room of anna's. */
  const create = async (kind: RoomKind, ...members: string[]): Promise<Room> => {
    const { room } = await rooms.createRoom({ name: `room ${++made}`, kind, members }, by('anna'));
    if (!room) throw new Error('no room');
    await hears.rooms(room.id);
    return room;
  };
  const codeOf = (call: Promise<unknown>): Promise<string> =>
    call.then(
      () => 'was not refused',
      (error: AppError) => error.code,
    );
  const rolesIn = async (roomId: string, as = 'anna'): Promise<Record<string, string | undefined>> => {
    const { members } = await replica.members.listMembers({ roomId }, by(as));
    return Object.fromEntries(members.map((m) => [m.userId, roomRoleText.word(m.role)]));
  };
  /** What happened after the room's creation. */
  const logOf = async (roomId: string): Promise<[actorId: string, body: Entry['body']][]> => {
    const entries = await replica.get(LogRepository).ranges([{ roomId, from: 1, to: 1_000 }]);
    expect(entries.map((e) => e.seq)).toEqual(entries.map((_, i) => i + 1));
    return entries.slice(1).map(({ actorId, body }) => [actorId, body]);
  };
  const joined = (userId: string) => ({ $case: 'memberJoined', value: { userId } });
  const role = (userId: string, to: RoomRole) => ({ $case: 'memberRole', value: { userId, role: to } });
  const setRole = (roomId: string, userId: string, to: RoomRole, as = 'anna') =>
    replica.members.updateMember({ roomId, userId, role: to }, by(as));

  describe('joining', () => {
    test('is for public rooms; a private one does not exist for who was not invited', async () => {
      const [open, closed] = [await create(PUBLIC), await create(PRIVATE)];
      const answer = await rooms.joinRoom({ roomId: open.id }, by('boris'));
      expect(answer.room).toMatchObject({ role: MEMBER, memberCount: 2, lastSeq: 2 });
      expect(await codeOf(rooms.joinRoom({ roomId: closed.id }, by('boris')))).toBe('room_not_found');
      expect(await codeOf(rooms.joinRoom({ roomId: closed.id }, by('steward')))).toBe('room_not_found');
      expect(await codeOf(rooms.joinRoom({ roomId: open.id }, by('guest')))).toBe('forbidden');
      expect(await codeOf(rooms.joinRoom({ roomId: uuid() }, by('boris')))).toBe('room_not_found');
    });

    test('twice, or ten times at once, is joining once', async () => {
      const { id: roomId } = await create(PUBLIC);
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => rooms.joinRoom({ roomId }, by('boris'))),
      );
      for (const { room } of answers)
        expect(room).toMatchObject({ memberCount: 2, lastSeq: 2, role: MEMBER });
      expect(await logOf(roomId)).toEqual([[boris, joined(boris)]]);
    });

    test('and leaving by many at once keeps the count right', async () => {
      const { id: roomId } = await create(PUBLIC);
      const crowd = Array.from({ length: 20 }, (_, i) => `crowd${i}`);
      for (const name of crowd) people.add(name);
      await Promise.all(crowd.map((name) => rooms.joinRoom({ roomId }, by(name))));
      await Promise.all(
        crowd.map((name, i) =>
          i % 2 ? replica.members.leaveRoom({ roomId }, by(name)) : rooms.joinRoom({ roomId }, by(name)),
        ),
      );
      const { room } = await rooms.getRoom({ roomId }, by('anna'));
      expect(room).toMatchObject({ memberCount: 11, lastSeq: 31 });
      expect(Object.keys(await rolesIn(roomId))).toHaveLength(11);
    });
  });

  describe('inviting', () => {
    test('to a private room is for its moderators, and is once', async () => {
      const { id: roomId } = await create(PRIVATE, 'boris');
      const invite = (as: string) => replica.members.addMember({ roomId, username: 'Clara' }, by(as));
      expect(await codeOf(invite('boris'))).toBe('forbidden');
      expect(await codeOf(invite('dmitri'))).toBe('room_not_found');
      const answers = await Promise.all([invite('anna'), invite('anna')]);
      for (const { member } of answers)
        expect(member).toMatchObject({ userId: clara, role: MEMBER, readSeq: 2 });
      expect(await logOf(roomId)).toEqual([
        [anna, joined(boris)],
        [anna, joined(clara)],
      ]);
      expect(await codeOf(replica.members.addMember({ roomId, username: 'nobody' }, by('anna')))).toBe(
        'user_not_found',
      );
      expect(await codeOf(replica.members.addMember({ roomId }, by('anna')))).toBe('invalid_input');
    });

    test('to a public room is for every member', async () => {
      const { id: roomId } = await create(PUBLIC, 'boris');
      const invite = (as: string) => replica.members.addMember({ roomId, userId: clara }, by(as));
      expect(await codeOf(invite('dmitri'))).toBe('not_a_member');
      await expect(invite('boris')).resolves.toMatchObject({ member: { userId: clara } });
    });
  });

  describe('leaving', () => {
    test('is an entry, and the last thing that the room shows to who left', async () => {
      const { id: roomId } = await create(PRIVATE, 'boris');
      await rolesIn(roomId, 'boris');
      await replica.members.leaveRoom({ roomId }, by('boris'));
      expect(await codeOf(rolesIn(roomId, 'boris'))).toBe('room_not_found');
      expect(await codeOf(replica.members.leaveRoom({ roomId }, by('boris')))).toBe('room_not_found');
      expect((await logOf(roomId)).at(-1)).toEqual([
        boris,
        { $case: 'memberLeft', value: { userId: boris } },
      ]);
    });

    test('as an owner needs a new owner first', async () => {
      const { id: roomId } = await create(PUBLIC, 'boris');
      expect(await codeOf(replica.members.leaveRoom({ roomId }, by('anna')))).toBe('owner_must_hand_over');
      await setRole(roomId, boris, OWNER);
      await replica.members.leaveRoom({ roomId }, by('anna'));
      expect(await rolesIn(roomId)).toEqual({ [boris]: 'owner' });
    });

    test('as the last takes a private room along', async () => {
      const { id: roomId, name } = await create(PRIVATE);
      await replica.members.leaveRoom({ roomId }, by('anna'));
      expect(await codeOf(rooms.getRoom({ roomId }, by('anna')))).toBe('room_not_found');
      expect(heard).toContainEqual({ body: { $case: 'roomDeleted', value: { roomId } } });
      await rooms.createRoom({ name, kind: PRIVATE, members: [] }, by('boris'));
    });

    test('as the last leaves a public room to who comes first', async () => {
      const { id: roomId } = await create(PUBLIC);
      await replica.members.leaveRoom({ roomId }, by('anna'));
      await Promise.all([rooms.joinRoom({ roomId }, by('boris')), rooms.joinRoom({ roomId }, by('clara'))]);
      expect(Object.values(await rolesIn(roomId)).sort()).toEqual(['member', 'owner']);
      const roles = (await logOf(roomId)).filter(([, body]) => body?.$case === 'memberRole');
      expect(roles).toHaveLength(1);
    });
  });

  describe('roles', () => {
    test('are the owner’s to give', async () => {
      const { id: roomId } = await create(PRIVATE, 'boris', 'clara');
      await expect(setRole(roomId, boris, MODERATOR)).resolves.toMatchObject({ member: { role: MODERATOR } });
      await setRole(roomId, boris, MODERATOR);
      expect(await codeOf(setRole(roomId, clara, MODERATOR, 'boris'))).toBe('forbidden');
      expect(await codeOf(setRole(roomId, dmitri, MODERATOR))).toBe('member_not_found');
      expect(await codeOf(setRole(roomId, anna, MEMBER))).toBe('owner_must_hand_over');
      expect((await logOf(roomId)).slice(2)).toEqual([[anna, role(boris, MODERATOR)]]);
    });

    test('of owner go over to one alone, however many are asked at once', async () => {
      const { id: roomId } = await create(PRIVATE, 'boris', 'clara');
      const answers = await Promise.all([
        codeOf(setRole(roomId, boris, OWNER)),
        codeOf(setRole(roomId, clara, OWNER)),
      ]);
      expect(answers.sort()).toEqual(['forbidden', 'was not refused']);
      expect(Object.values(await rolesIn(roomId)).sort()).toEqual(['member', 'moderator', 'owner']);
      const [first, second] = (await logOf(roomId)).slice(2);
      expect(first).toEqual([anna, role((await rolesIn(roomId))[boris] === 'owner' ? boris : clara, OWNER)]);
      expect(second).toEqual([anna, role(anna, MODERATOR)]);
    });
  });

  describe('removing', () => {
    test('needs a higher rank, and is at once', async () => {
      const { id: roomId } = await create(PUBLIC, 'boris', 'clara', 'dmitri');
      for (const userId of [boris, clara]) await setRole(roomId, userId, MODERATOR);
      const remove = (userId: string, as: string) => replica.members.removeMember({ roomId, userId }, by(as));
      await replica.members.markRead({ roomId, seq: 1 }, by('dmitri'));
      expect(await codeOf(remove(boris, 'clara'))).toBe('forbidden');
      expect(await codeOf(remove(anna, 'clara'))).toBe('forbidden');
      expect(await codeOf(remove(boris, 'steward'))).toBe('forbidden');
      expect(await codeOf(remove(boris, 'dmitri'))).toBe('forbidden');
      expect(await codeOf(remove(clara, 'clara'))).toBe('invalid_input');
      expect(await codeOf(remove(steward, 'anna'))).toBe('member_not_found');
      await remove(dmitri, 'clara');
      expect(await codeOf(replica.members.markRead({ roomId, seq: 2 }, by('dmitri')))).toBe('not_a_member');
      await remove(clara, 'anna');
      expect(await codeOf(remove(boris, 'clara'))).toBe('not_a_member');
      expect(await rolesIn(roomId)).toEqual({ [anna]: 'owner', [boris]: 'moderator' });
      expect((await logOf(roomId)).at(-1)).toEqual([
        anna,
        { $case: 'memberRemoved', value: { userId: clara } },
      ]);
    });

    test('is what a steward may do in public rooms, and only there', async () => {
      const [open, closed] = [await create(PUBLIC, 'boris'), await create(PRIVATE, 'boris', 'steward')];
      const remove = (room: Room) =>
        replica.members.removeMember({ roomId: room.id, userId: boris }, by('steward'));
      await remove(open);
      expect(await codeOf(remove(closed))).toBe('forbidden');
    });
  });

  describe('read markers', () => {
    const readBy = async (roomId: string, userId: string) =>
      (await replica.members.listMembers({ roomId }, by('anna'))).members.find((m) => m.userId === userId)
        ?.readSeq;
    const marksOf = (roomId: string) =>
      heard.flatMap(({ body }) =>
        body?.$case === 'readMark' && body.value.roomId === roomId ? [body.value.seq] : [],
      );

    test('go forward only, and no further than the log', async () => {
      const { id: roomId } = await create(PRIVATE, 'boris', 'clara');
      for (const seq of [2, 1, 2, 0]) await replica.members.markRead({ roomId, seq }, by('boris'));
      expect(await readBy(roomId, boris)).toBe(2);
      await replica.members.markRead({ roomId, seq: Number.MAX_SAFE_INTEGER }, by('boris'));
      expect(await readBy(roomId, boris)).toBe(3);
      expect(marksOf(roomId)).toEqual([2, 3]);
      expect(await readBy(roomId, clara)).toBe(0);
      expect(await codeOf(replica.members.markRead({ roomId, seq: 1 }, by('dmitri')))).toBe('room_not_found');
    });

    test('of several devices at once end at the furthest', async () => {
      const { id: roomId } = await create(PRIVATE, 'boris', 'clara', 'dmitri');
      await Promise.all(
        [1, 4, 2, 3, 4, 1].map((seq) => replica.members.markRead({ roomId, seq }, by('boris'))),
      );
      expect(await readBy(roomId, boris)).toBe(4);
      expect(new Set(marksOf(roomId)).size).toBe(marksOf(roomId).length);
    });
  });

  test('two hundred who read at once are each told once, and in a room of their size to themselves alone', async () => {
    const { id: roomId } = await create(PUBLIC);
    const readers = Array.from({ length: 200 }, (_, i) => ({
      name: `reader${i}`,
      id: people.add(`reader${i}`),
    }));
    await Promise.all(readers.map(({ name }) => rooms.joinRoom({ roomId }, by(name))));
    heard.length = 0;
    // each on two devices, one of which is behind
    await Promise.all(
      readers.flatMap(({ name }) =>
        [120, 201].map((seq) => replica.members.markRead({ roomId, seq }, by(name))),
      ),
    );
    const { members } = await replica.members.listMembers({ roomId, limit: 1000 }, by('anna'));
    for (const { id } of readers) expect(members.find((m) => m.userId === id)?.readSeq).toBe(201);
    const marks = heard.flatMap(({ body }) => (body?.$case === 'readMark' ? [body.value] : []));
    expect(new Set(marks.filter((m) => m.seq === 201).map((m) => m.userId)).size).toBe(200);
    expect(marks.filter((m) => m.forEverybody)).toEqual([]);
    // a batch is what gathered while the one before it was written
    expect(marks.length).toBeLessThan(300);
  });

  describe('a crowd that joins at once', () => {
    const crowd = (name: string, count: number) =>
      Array.from({ length: count }, (_, i) => ({ name: `${name}${i}`, id: people.add(`${name}${i}`) }));
    const logOf = (roomId: string) =>
      replica.get(LogRepository).ranges([{ roomId, from: 1, to: Number.MAX_SAFE_INTEGER }]);

    test('is in the room, each once and with one entry, and told in few parts', async () => {
      const { id: roomId } = await create(PUBLIC);
      const joining = crowd('flash', 150);
      heard.length = 0;
      // some of them twice
      const asked = [...joining, ...joining.slice(0, 20)];
      const answers = await Promise.all(asked.map(({ name }) => rooms.joinRoom({ roomId }, by(name))));
      for (const { room } of answers) expect(room).toMatchObject({ id: roomId, role: MEMBER });
      const entries = (await logOf(roomId)).slice(1);
      expect(entries.map(({ seq }) => seq)).toEqual(joining.map((_, i) => i + 2));
      expect(new Set(entries.map(({ actorId }) => actorId))).toEqual(new Set(joining.map(({ id }) => id)));
      const { members } = await replica.members.listMembers({ roomId, limit: 1000 }, by('anna'));
      expect(members).toHaveLength(151);
      // what was there before somebody came is nothing that they missed
      for (const { actorId, seq } of entries)
        expect(members.find(({ userId }) => userId === actorId)?.readSeq).toBe(seq - 1);
      expect((await rooms.getRoom({ roomId }, by('anna'))).room).toMatchObject({
        memberCount: 151,
        lastSeq: 151,
      });
      const parts = heard.filter(({ body }) => body?.$case === 'entries');
      expect(parts.length).toBeLessThan(10);
    });

    test('has one owner where nobody was there, and who may not is refused alone', async () => {
      const { id: roomId } = await create(PUBLIC);
      await replica.members.leaveRoom({ roomId }, by('anna'));
      const joining = crowd('after', 20);
      const outcomes = await Promise.all([
        ...joining.map(({ name }) => rooms.joinRoom({ roomId }, by(name)).then(() => 'in')),
        codeOf(rooms.joinRoom({ roomId }, by('guest'))),
      ]);
      expect(outcomes).toEqual([...joining.map(() => 'in'), 'forbidden']);
      // by one of them: outsiders do not see how far anybody has read
      const { members } = await replica.members.listMembers(
        { roomId, limit: 1000 },
        by(joining[0]?.name ?? ''),
      );
      expect(members.filter(({ role }) => role === OWNER)).toHaveLength(1);
      const entries = await logOf(roomId);
      expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, i) => i + 1));
      for (const { actorId, seq } of entries.filter(({ body }) => body?.$case === 'memberJoined'))
        expect(members.find(({ userId }) => userId === actorId)?.readSeq).toBe(seq - 1);
    });

    test('hears that there is no such room, each of them', async () => {
      const codes = crowd('lost', 5).map(({ name }) => codeOf(rooms.joinRoom({ roomId: uuid() }, by(name))));
      expect(new Set(await Promise.all(codes))).toEqual(new Set(['room_not_found']));
    });
  });

  test('are listed page by page, each once', async () => {
    const { id: roomId } = await create(PUBLIC, 'boris', 'clara', 'dmitri', 'steward');
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await replica.members.listMembers({ roomId, limit: 2, cursor }, by('boris'));
      seen.push(...page.members.map((m) => m.userId));
      cursor = page.nextCursor;
    } while (cursor);
    expect(seen).toEqual([anna, boris, clara, dmitri, steward]);
  });
});
