import { type Entry, type ListAllRoomsRequest, type Room, RoomKind, RoomRole, ROOMS } from '@veche/contracts';
import { writeCursor } from '@veche/dto';
import type { AppError } from '@veche/errors';
import { openTestDatabase, type TestDatabase } from '@veche/testing';
import { v7 as uuid } from 'uuid';
import { BreakableBus } from '../../test/breakable-bus';
import { People } from '../../test/people';
import { by, type Replica, type Rooms, startReplica } from '../../test/replica';
import { CHAT_DATABASE } from '../chat.database';
import { LogRepository } from '../log/log.repository';
import { LogService } from '../log/log.service';

const { PUBLIC, PRIVATE, DIRECT } = RoomKind;

describe('rooms', () => {
  let opened: TestDatabase;
  let replicas: [Replica, Replica];
  let rooms: Rooms;
  let elsewhere: Rooms;
  const people = new People();
  const [anna, boris, clara] = ['anna', 'boris', 'clara'].map((name) => people.add(name)) as [
    string,
    string,
    string,
  ];
  people.add('rosa');
  people.add('guest', 'guest');
  people.add('steward', 'moderator');
  people.add('manager', 'admin');

  beforeAll(async () => {
    opened = await openTestDatabase(CHAT_DATABASE);
    const bus = new BreakableBus();
    replicas = [
      await startReplica(opened.url, bus, { people }),
      await startReplica(opened.url, bus, { people }),
    ];
    [rooms, elsewhere] = replicas.map((r) => r.get<Rooms>(ROOMS.token)) as [Rooms, Rooms];
  });
  afterAll(async () => {
    await Promise.all(replicas.map((r) => r.close()));
    await opened.close();
  });

  let made = 0;
  const create = async (
    as: string,
    { kind = PUBLIC, members = [], name = `room ${++made}` }: Partial<Room> & { members?: string[] } = {},
  ): Promise<Room> => {
    const { room } = await rooms.createRoom({ name, kind, members }, by(as));
    if (!room) throw new Error('no room');
    return room;
  };
  const say = async (roomId: string, actorId: string, text: string): Promise<number> => {
    const value = { id: uuid(), text, clientId: uuid(), mentions: [] };
    const said = await replicas[0].get(LogService).change(roomId, async () => ({
      result: 0,
      entries: [
        { actorId, body: { $case: 'messageCreated', value: { ...value, reactions: [], attachments: [] } } },
      ],
    }));
    return said.entries[0]?.seq ?? 0;
  };
  const logOf = async (roomId: string): Promise<Pick<Entry, 'seq' | 'actorId' | 'body'>[]> => {
    const entries = await replicas[0].get(LogRepository).ranges([{ roomId, from: 1, to: 1_000 }]);
    return entries.map(({ seq, actorId, body }) => ({ seq, actorId, body }));
  };
  const refusal = (call: Promise<unknown>): Promise<AppError> =>
    call.then(
      () => {
        throw new Error('it was not refused');
      },
      (error: AppError) => error,
    );
  const codeOf = async (call: Promise<unknown>): Promise<string> => (await refusal(call)).code;

  describe('creating', () => {
    test('makes the creator its owner and the named its members, and the log says so', async () => {
      const room = await create('anna', { members: ['boris', 'Clara', 'BORIS', 'anna'], kind: PRIVATE });
      expect(room).toMatchObject({ createdBy: anna, memberCount: 3, lastSeq: 3, role: RoomRole.OWNER });
      const { members } = await replicas[0].members.listMembers({ roomId: room.id }, by('boris'));
      expect(members.map((m) => [m.userId, m.role])).toEqual([
        [anna, RoomRole.OWNER],
        [boris, RoomRole.MEMBER],
        [clara, RoomRole.MEMBER],
      ]);
      expect(await logOf(room.id)).toEqual([
        { seq: 1, actorId: anna, body: { $case: 'roomCreated', value: {} } },
        { seq: 2, actorId: anna, body: { $case: 'memberJoined', value: { userId: boris } } },
        { seq: 3, actorId: anna, body: { $case: 'memberJoined', value: { userId: clara } } },
      ]);
    });

    test('refuses by name whom nobody knows, and creates nothing', async () => {
      const name = 'with strangers';
      const error = await refusal(create('anna', { name, members: ['nobody', 'boris', 'noone'] }));
      expect(error.code).toBe('user_not_found');
      expect(error.data.errors).toEqual([
        { field: 'members.0', message: 'nobody does not exist' },
        { field: 'members.2', message: 'noone does not exist' },
      ]);
      await expect(create('boris', { name })).resolves.toMatchObject({ name });
    });

    test('gives a name once, whatever its case and whoever asks at the same moment', async () => {
      const names = ['Вече', 'вече', ' ВЕЧЕ ', 'ВеЧе'];
      const answers = await Promise.allSettled(
        names.map((name, i) =>
          (i % 2 ? rooms : elsewhere).createRoom(
            { name, kind: i % 2 ? PUBLIC : PRIVATE, members: [] },
            by('anna'),
          ),
        ),
      );
      expect(answers.filter((a) => a.status === 'fulfilled')).toHaveLength(1);
      for (const a of answers)
        if (a.status === 'rejected') expect(a.reason).toMatchObject({ code: 'room_name_taken' });
    });

    test('says nothing of the private rooms of others, and keeps one from two rooms of one name', async () => {
      const name = 'Secret plan';
      const theirs = await create('anna', { name, kind: PRIVATE });
      await expect(create('boris', { name: 'SECRET plan', kind: PRIVATE })).resolves.toMatchObject({
        role: RoomRole.OWNER,
      });
      await expect(create('clara', { name })).resolves.toMatchObject({ role: RoomRole.OWNER });
      for (const [who, kind] of [
        ['anna', PRIVATE],
        ['boris', PRIVATE],
        ['boris', PUBLIC],
        ['clara', PRIVATE],
        ['clara', PUBLIC],
      ] as const)
        expect([who, kind, await codeOf(create(who, { name: 'secret Plan', kind }))]).toEqual([
          who,
          kind,
          'room_name_taken',
        ]);
      // nor does whoever renames a room that is not theirs hear of what its owner has
      const other = await create('anna', { kind: PRIVATE, members: ['boris'] });
      await replicas[0].members.updateMember(
        { roomId: other.id, userId: boris, role: RoomRole.MODERATOR },
        by('anna'),
      );
      expect(await codeOf(rooms.updateRoom({ roomId: other.id, name }, by('anna')))).toBe('room_name_taken');
      await rooms.deleteRoom({ roomId: theirs.id }, by('anna'));
      await rooms.updateRoom({ roomId: other.id, name }, by('anna'));
    });

    test.each([
      ['\u0413\u0435neral talk', 'in another script'],
      ['Gеneral talk', 'a Cyrillic e'],
      ['General\u200b talk', 'what nobody sees'],
      ['General t\u00adalk', 'a soft hyphen'],
      ['GENERAL TALK', 'in another case'],
      ['Ｇｅｎｅｒａｌ talk', 'full width'],
      ['Genera1 talk', 'one for l'],
    ])('refuses %s where there is a public one that looks so: %s', async (name) => {
      const there = name.startsWith('\u0413') ? '\u0413eneral talk' : 'General talk';
      const room = await create('anna', { name: there });
      expect(await codeOf(create('boris', { name }))).toBe('room_name_taken');
      const other = await create('boris');
      expect(await codeOf(rooms.updateRoom({ roomId: other.id, name }, by('boris')))).toBe('room_name_taken');
      await rooms.updateRoom({ roomId: room.id, name: `${there} no more` }, by('anna'));
      await rooms.updateRoom({ roomId: other.id, name }, by('boris'));
      await rooms.deleteRoom({ roomId: other.id }, by('boris'));
      await rooms.deleteRoom({ roomId: room.id }, by('anna'));
    });

    test('refuses names that are too short without the space around them, and guests', async () => {
      expect(await codeOf(create('anna', { name: '  a    ' }))).toBe('invalid_input');
      expect(await codeOf(create('anna', { kind: DIRECT }))).toBe('invalid_input');
      expect(await codeOf(create('guest'))).toBe('forbidden');
    });
  });

  describe('direct rooms', () => {
    test('are one for a pair: 100 pairs who ask for each other at the same moment get 100 rooms', async () => {
      const pairs = Array.from({ length: 100 }, (_, i) => {
        const names = [`left${i}`, `right${i}`] as const;
        return { names, ids: names.map((name) => people.add(name)) };
      });
      const open = async (at: Rooms, from: string, to: string) =>
        (await at.openDirectRoom({ username: to }, by(from))).room;
      const opened = await Promise.all(
        pairs.map(({ names: [left, right] }) =>
          Promise.all([open(rooms, left, right), open(elsewhere, right, left), open(rooms, right, left)]),
        ),
      );
      expect(new Set(opened.flat().map((room) => room?.id)).size).toBe(100);
      opened.forEach((answers, i) => {
        expect(new Set(answers.map((room) => room?.id)).size).toBe(1);
        for (const room of answers)
          expect(room).toMatchObject({
            kind: DIRECT,
            name: '',
            memberCount: 2,
            lastSeq: 2,
            role: RoomRole.MEMBER,
          });
        expect(new Set(answers[0]?.userIds)).toEqual(new Set(pairs[i]?.ids));
      });
    });

    test('begin with who asked, and stay as they are', async () => {
      const { room } = await rooms.openDirectRoom({ userId: boris.toUpperCase() }, by('anna'));
      const roomId = room?.id ?? '';
      expect(await logOf(roomId)).toEqual([
        { seq: 1, actorId: anna, body: { $case: 'roomCreated', value: {} } },
        { seq: 2, actorId: anna, body: { $case: 'memberJoined', value: { userId: boris } } },
      ]);
      expect(await codeOf(replicas[0].members.leaveRoom({ roomId }, by('anna')))).toBe('direct_room');
      expect(await codeOf(rooms.updateRoom({ roomId, name: 'named' }, by('anna')))).toBe('direct_room');
      expect(await codeOf(rooms.deleteRoom({ roomId }, by('anna')))).toBe('direct_room');
      expect(await codeOf(replicas[0].members.addMember({ roomId, username: 'clara' }, by('anna')))).toBe(
        'direct_room',
      );
      expect(await codeOf(replicas[0].members.removeMember({ roomId, userId: boris }, by('anna')))).toBe(
        'direct_room',
      );
      expect(await codeOf(rooms.getRoom({ roomId }, by('steward')))).toBe('room_not_found');
    });

    test('need exactly one other who exists', async () => {
      const open = (request: { userId?: string; username?: string }) =>
        codeOf(rooms.openDirectRoom(request, by('anna')));
      expect(await open({})).toBe('invalid_input');
      expect(await open({ userId: boris, username: 'boris' })).toBe('invalid_input');
      expect(await open({ username: 'anna' })).toBe('invalid_input');
      expect(await open({ username: 'nobody' })).toBe('user_not_found');
      expect(await open({ userId: uuid() })).toBe('user_not_found');
    });
  });

  describe('one room', () => {
    test('is shown to its members, and a public one to whoever may browse', async () => {
      const open = await create('anna');
      const closed = await create('anna', { kind: PRIVATE });
      const see = async (as: string, room: Room) =>
        (await rooms.getRoom({ roomId: room.id }, by(as))).room?.role;
      expect(await see('anna', closed)).toBe(RoomRole.OWNER);
      expect(await see('boris', open)).toBe(RoomRole.UNSPECIFIED);
      for (const call of [see('guest', open), see('boris', closed), see('steward', closed)])
        expect(await codeOf(call)).toBe('room_not_found');
      expect(await codeOf(rooms.getRoom({ roomId: uuid() }, by('anna')))).toBe('room_not_found');
    });
  });

  describe('renaming', () => {
    test('is an entry with what has changed, and none where nothing has', async () => {
      const room = await create('anna');
      const update = async (change: { name?: string; topic?: string }) =>
        (await rooms.updateRoom({ roomId: room.id, ...change }, by('anna'))).room;
      expect(await update({ topic: 'bells' })).toMatchObject({ name: room.name, topic: 'bells', lastSeq: 2 });
      const name = room.name.toUpperCase();
      expect(await update({ name, topic: 'bells' })).toMatchObject({ name, topic: 'bells', lastSeq: 3 });
      expect(await update({ name: ` ${name}`, topic: 'bells ' })).toMatchObject({ lastSeq: 3 });
      expect(await update({})).toMatchObject({ lastSeq: 3 });
      expect((await logOf(room.id)).map((e) => e.body).slice(1)).toEqual([
        { $case: 'roomUpdated', value: { topic: 'bells', name: undefined } },
        { $case: 'roomUpdated', value: { name, topic: undefined } },
      ]);
    });

    test('to a name that is taken is refused, and changes nothing', async () => {
      const [one, other] = [await create('anna'), await create('anna')];
      const roomId = other.id;
      const change = rooms.updateRoom({ roomId, name: one.name.toUpperCase(), topic: 'new' }, by('anna'));
      expect(await codeOf(change)).toBe('room_name_taken');
      const { room } = await rooms.getRoom({ roomId }, by('anna'));
      expect(room).toMatchObject({ name: other.name, topic: '', lastSeq: 1 });
    });

    test('is for moderators, of the room or of everything public', async () => {
      const open = await create('anna', { members: ['boris'] });
      const closed = await create('anna', { kind: PRIVATE, members: ['boris', 'steward'] });
      const rename = (room: Room, as: string) => rooms.updateRoom({ roomId: room.id, topic: as }, by(as));
      expect(await codeOf(rename(open, 'boris'))).toBe('forbidden');
      expect(await codeOf(rename(open, 'clara'))).toBe('not_a_member');
      expect(await codeOf(rename(open, 'guest'))).toBe('room_not_found');
      expect(await codeOf(rename(closed, 'clara'))).toBe('room_not_found');
      expect(await codeOf(rename(closed, 'steward'))).toBe('forbidden');
      await expect(rename(open, 'steward')).resolves.toMatchObject({ room: { topic: 'steward' } });
    });
  });

  describe('deleting', () => {
    test('takes the room, its members and its log, and frees its name', async () => {
      const room = await create('anna', { members: ['boris'] });
      await say(room.id, anna, 'hello');
      await replicas[0].members.listMembers({ roomId: room.id }, by('boris'));
      expect(await codeOf(rooms.deleteRoom({ roomId: room.id }, by('boris')))).toBe('forbidden');
      await rooms.deleteRoom({ roomId: room.id }, by('anna'));
      for (const call of [
        rooms.getRoom({ roomId: room.id }, by('boris')),
        replicas[0].members.listMembers({ roomId: room.id }, by('boris')),
        rooms.deleteRoom({ roomId: room.id }, by('anna')),
      ])
        expect(await codeOf(call)).toBe('room_not_found');
      expect(await logOf(room.id)).toEqual([]);
      await create('clara', { name: room.name });
    });
  });

  describe('my rooms', () => {
    test('come by their newest message, with what is unread and the last message', async () => {
      const olga = people.add('olga');
      const [quiet, busy] = [await create('olga', { members: ['boris'] }), await create('olga')];
      await replicas[0].members.addMember({ roomId: busy.id, username: 'boris' }, by('olga'));
      await say(quiet.id, boris, 'one');
      await say(quiet.id, olga, 'mine');
      const last = await say(quiet.id, boris, 'two');
      await say(busy.id, boris, 'before the join');
      await rooms.joinRoom({ roomId: busy.id }, by('clara'));
      await rooms.joinRoom({ roomId: quiet.id }, by('clara'));

      const listed = async (as: string) => {
        const answer = await rooms.listRooms({}, by(as));
        return answer.rooms.map(({ room, unread, lastMessage, readSeq }) => ({
          id: room?.id,
          lastSeq: room?.lastSeq,
          readSeq,
          unread,
          text: lastMessage?.body?.$case === 'messageCreated' ? lastMessage.body.value.text : undefined,
        }));
      };
      expect(await listed('olga')).toEqual([
        { id: busy.id, lastSeq: 4, readSeq: 0, unread: 1, text: 'before the join' },
        { id: quiet.id, lastSeq: last + 1, readSeq: 0, unread: 2, text: 'two' },
      ]);
      await replicas[0].members.markRead({ roomId: quiet.id, seq: last - 1 }, by('olga'));
      expect((await listed('olga'))[1]).toMatchObject({ readSeq: last - 1, unread: 1 });
      // what was there before somebody joined is nothing they missed
      expect((await listed('clara')).find((r) => r.id === busy.id)).toMatchObject({ unread: 0, readSeq: 3 });
    });

    test('with nothing said in them stand where they were made, by the time that clients have', async () => {
      const room = await create('rosa', { members: ['boris'] });
      await rooms.joinRoom({ roomId: room.id }, by('clara'));
      await rooms.updateRoom({ roomId: room.id, topic: 'quiet' }, by('rosa'));
      const [row] = await opened.database.query<{ at: Date }>(
        'SELECT last_at AS at FROM chat.rooms WHERE id = $1',
        [room.id],
      );
      expect(row?.at).toEqual(room.createdAt);
    });

    test('are all there, once, page by page, while others come and go', async () => {
      people.add('pavel');
      const ids: string[] = [];
      for (let i = 0; i < 7; i++) ids.push((await create('pavel', { kind: PRIVATE })).id);
      const seen: (string | undefined)[] = [];
      let cursor: string | undefined;
      do {
        const page = await rooms.listRooms({ limit: 3, cursor }, by('pavel'));
        seen.push(...page.rooms.map((r) => r.room?.id));
        cursor = page.nextCursor;
        await create('pavel', { kind: PRIVATE });
      } while (cursor);
      expect(seen).toEqual(ids.reverse());
      expect(await codeOf(rooms.listRooms({ cursor: 'abc' }, by('pavel')))).toBe('invalid_input');
      const beyond = writeCursor(['9999-12-31T24:00:00.000000Z', uuid()]);
      expect(await codeOf(rooms.listRooms({ cursor: beyond }, by('pavel')))).toBe('invalid_input');
    });
  });

  describe('lists of rooms', () => {
    const first = async (as: string) => (await rooms.listRooms({ limit: 1 }, by(as))).rooms[0];
    /** Entries written past the service: it would take minutes. */
    const lengthen = async (roomId: string, actorId: string, type: string, by: number): Promise<number> => {
      const [row] = await opened.database.query<{ seq: number }>(
        `WITH grown AS (
           UPDATE chat.rooms SET last_seq = last_seq + $4, last_at = now() WHERE id = $1 RETURNING bucket, last_seq),
         appended AS (
           INSERT INTO chat.room_events (bucket, room_id, seq, type, actor_id, at, message_id, text, data)
           SELECT bucket, $1, last_seq - i, $3, $2, now(), gen_random_uuid(), 'and so on', '{}'
           FROM grown, generate_series(0, $4::int - 1) i)
         SELECT last_seq::float8 AS seq FROM grown`,
        [roomId, actorId, type, by],
      );
      return row?.seq ?? 0;
    };

    test('no room is lost between pages, however close in time they were active', async () => {
      people.add('quirin');
      const ids: string[] = [];
      for (let i = 0; i < 6; i++) ids.push((await create('quirin', { kind: PRIVATE })).id);
      // within one millisecond, two of them in the same microsecond
      const times = ['000001', '000002', '000002', '000003', '000999', '000998'];
      for (const [i, id] of ids.entries())
        await opened.database.query('UPDATE chat.rooms SET last_at = $2 WHERE id = $1', [
          id,
          `2026-01-02T03:04:05.${times[i]}Z`,
        ]);
      const seen: (string | undefined)[] = [];
      let cursor: string | undefined;
      do {
        const page = await rooms.listRooms({ limit: 1, cursor }, by('quirin'));
        seen.push(...page.rooms.map((r) => r.room?.id));
        cursor = page.nextCursor;
      } while (cursor);
      expect(seen).toEqual([4, 5, 3, 2, 1, 0].map((i) => ids[i]));
    });

    test('a million unread messages cost what a thousand do: they are counted so far, and it says so', async () => {
      people.add('rosa');
      const room = await create('rosa', { kind: PRIVATE, members: ['boris'] });
      await lengthen(room.id, boris, 'message.created', 998);
      const all = await first('rosa');
      expect(all).toMatchObject({ unread: 998, unreadMore: false });
      const last = await lengthen(room.id, boris, 'message.created', 2_000);
      expect(await first('rosa')).toMatchObject({ unread: 1_000, unreadMore: true, room: { lastSeq: last } });
      await replicas[0].members.markRead({ roomId: room.id, seq: last - 1_000 }, by('rosa'));
      expect(await first('rosa')).toMatchObject({ unread: 1_000, unreadMore: false });
      await replicas[0].members.markRead({ roomId: room.id, seq: last - 3 }, by('rosa'));
      expect(await first('rosa')).toMatchObject({ unread: 3, unreadMore: false });
      await replicas[0].members.markRead({ roomId: room.id, seq: last }, by('rosa'));
      expect(await first('rosa')).toMatchObject({ unread: 0, unreadMore: false });
    });

    test('messages are found, and unread, behind whatever else has happened since', async () => {
      people.add('selma');
      const room = await create('selma', { kind: PRIVATE, members: ['boris'] });
      const seq = await say(room.id, boris, 'before the crowd');
      const last = await lengthen(room.id, boris, 'member.left', 3_000);
      const overview = { room: { lastSeq: last }, lastMessage: { seq }, unread: 1, unreadMore: false };
      expect(await first('selma')).toMatchObject(overview);
      // whatever the planner thinks of rooms in general
      await opened.database.query('ANALYZE chat.room_events');
      for (const limit of [1, 50]) {
        const plan = await opened.database.query<{ 'QUERY PLAN': string }>(
          `EXPLAIN SELECT e.* FROM chat.rooms r, LATERAL (
             SELECT e.seq, e.text FROM chat.room_events e
              WHERE e.bucket = r.bucket AND e.room_id = r.id AND e.type = 'message.created'
              ORDER BY e.seq DESC LIMIT ${limit}) e
           WHERE r.bucket = chat.bucket($1) AND r.id = $1`,
          [room.id],
        );
        expect(plan.map((line) => line['QUERY PLAN']).join()).toContain('room_events_messages');
      }
    });

    test('neither one’s own messages nor deleted ones are unread, nor what is no message', async () => {
      people.add('tina');
      const gone = people.add('ulf');
      const room = await create('tina', { kind: PRIVATE, members: ['boris', 'ulf'] });
      await say(room.id, people.principal('tina')?.userId ?? '', 'mine');
      await say(room.id, gone, 'deleted soon');
      await say(room.id, boris, 'stays');
      expect(await first('tina')).toMatchObject({ unread: 2 });
      await replicas[0].erasure.forgetUser({ userId: gone }, { requestId: uuid() });
      expect(await first('tina')).toMatchObject({ unread: 1, unreadMore: false });
    });

    test('a room with nothing said in it has no last message and nothing unread', async () => {
      people.add('vera');
      await create('vera');
      expect(await first('vera')).toMatchObject({ unread: 0, unreadMore: false, lastMessage: undefined });
    });
  });

  describe('managing', () => {
    const all = async (request: ListAllRoomsRequest): Promise<string[]> =>
      (await rooms.listAllRooms(request, by('manager'))).rooms.map((room) => room.name);

    test('shows every public and private room, and no direct one', async () => {
      await create('anna', { name: 'managed 100% open' });
      await create('anna', { name: 'Managed Apart', kind: PRIVATE });
      await rooms.openDirectRoom({ userId: boris }, by('anna'));
      expect(await all({ search: 'MANAGED' })).toEqual(['managed 100% open', 'Managed Apart']);
      expect(await all({ search: '100%' })).toEqual(['managed 100% open']);
      expect(await all({ search: 'managed', kind: PRIVATE })).toEqual(['Managed Apart']);
      const every = await rooms.listAllRooms({}, by('manager'));
      expect(every.rooms.map(({ kind }) => kind)).not.toContain(DIRECT);
    });

    test('comes in pages', async () => {
      for (const name of ['paged a', 'paged b', 'paged c']) await create('anna', { name });
      const request = { search: 'paged', limit: 2 };
      const first = await rooms.listAllRooms(request, by('manager'));
      const second = await rooms.listAllRooms({ ...request, cursor: first.nextCursor }, by('manager'));
      expect([first, second].map((p) => p.rooms.map((r) => r.name))).toEqual([
        ['paged a', 'paged b'],
        ['paged c'],
      ]);
      expect(second.nextCursor).toBeUndefined();
    });

    test('deletes a private room without seeing into it', async () => {
      const { id } = await create('anna', { kind: PRIVATE });
      expect(await codeOf(rooms.getRoom({ roomId: id }, by('manager')))).toBe('room_not_found');
      expect(await codeOf(rooms.deleteRoom({ roomId: id }, by('steward')))).toBe('room_not_found');
      await rooms.deleteRoom({ roomId: id }, by('manager'));
      expect(await codeOf(rooms.getRoom({ roomId: id }, by('anna')))).toBe('room_not_found');
    });

    test('is for those who may, and nobody deletes a direct room', async () => {
      for (const who of ['anna', 'steward', 'guest'])
        expect(await codeOf(rooms.listAllRooms({}, by(who)))).toBe('forbidden');
      const { room } = await rooms.openDirectRoom({ userId: clara }, by('anna'));
      expect(await codeOf(rooms.deleteRoom({ roomId: room?.id ?? '' }, by('manager')))).toBe(
        'room_not_found',
      );
    });
  });

  describe('browsing', () => {
    const names = async (search: string, as = 'anna') =>
      (await elsewhere.browseRooms({ search }, by(as))).rooms.map((room) => room.name);

    test('finds public rooms by the beginning of any word of their name, whatever its accents', async () => {
      for (const name of ['The Fontäne', 'Große Halle', 'Ёлочный базар', '東京支部 ads'])
        await create('anna', { name });
      for (const [search, found] of [
        ['fontane', ['The Fontäne']],
        ['FONT the', ['The Fontäne']],
        ['halle gross', ['Große Halle']],
        ['елочн', ['Ёлочный базар']],
        ['базар', ['Ёлочный базар']],
        ['支部', ['東京支部 ads']],
        ['ontäne', []],
        ['the halle', []],
      ] as const)
        expect([search, await names(search)]).toEqual([search, found]);
    });

    test('finds public rooms by an index, however many there are', async () => {
      await opened.database.query(
        `INSERT INTO chat.room_words (word, bucket, room_id)
         SELECT 'mass' || i, 0, gen_random_uuid() FROM generate_series(1, 4000) AS i`,
      );
      await opened.database.query('ANALYZE chat.room_words');
      const plan = await opened.database.query(
        `EXPLAIN (FORMAT JSON) SELECT bucket, room_id FROM chat.room_words
         WHERE word >= 'mass399' AND word < 'mass399' || chr(1114111)`,
      );
      expect(JSON.stringify(plan)).toContain('room_words_pkey');
    });

    test('finds public rooms page by page', async () => {
      for (const name of ['Garden 2', 'garden 1', 'GARDEN 3', 'garden_x', 'garden%y', 'old garden'])
        await create('anna', { name });
      await create('anna', { name: 'garden 4', kind: PRIVATE });
      const page = await rooms.browseRooms({ search: 'Garden ', limit: 2 }, by('boris'));
      expect(page.rooms.map((room) => room.name)).toEqual(['garden 1', 'Garden 2']);
      const next = await rooms.browseRooms(
        { search: 'garden ', limit: 2, cursor: page.nextCursor },
        by('boris'),
      );
      expect(next.rooms.map((room) => room.name)).toEqual(['GARDEN 3', 'garden%y']);
      expect(await names('garden')).toEqual([
        'garden 1',
        'Garden 2',
        'GARDEN 3',
        'garden%y',
        'garden_x',
        'old garden',
      ]);
      expect(await names('garden%')).toEqual(['garden%y']);
      expect(await names('garden_')).toEqual(['garden_x']);
      expect(await codeOf(rooms.browseRooms({}, by('guest')))).toBe('forbidden');
    });

    test('says what the caller is in each, and how many members it has now', async () => {
      const room = await create('anna', { name: 'browse counted' });
      const [before] = (await rooms.browseRooms({ search: room.name }, by('boris'))).rooms;
      expect(before).toMatchObject({ memberCount: 1, role: RoomRole.UNSPECIFIED });
      await rooms.joinRoom({ roomId: room.id }, by('boris'));
      const [after] = (await rooms.browseRooms({ search: room.name }, by('boris'))).rooms;
      expect(after).toMatchObject({ memberCount: 2, role: RoomRole.MEMBER });
    });
  });
});
