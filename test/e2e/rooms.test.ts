import { ROOMS, RoomKind } from '@veche/contracts';
import { randomUUID } from 'node:crypto';
import { Grpc } from '../harness/grpc';
import { crowd, Person, register, unique } from '../harness/people';
import { Rest } from '../harness/rest';
import { sharedDoors } from '../harness/veche';
import { inTurns } from '../harness/waiting';
import type { Entry, Items, Member, Room, RoomOverview } from '../harness/wire';

const doors = sharedDoors();
let olga: Person, boris: Person, vera: Person;
beforeEach(async () => {
  [olga, boris, vera] = (await register(doors, 'olga', 'boris', 'vera')) as [Person, Person, Person];
});
afterEach(() => [olga, boris, vera].forEach((p) => p.leave()));

const told = (entries: readonly Entry[]) =>
  entries.map(({ seq, type, actorId, userId, role, name, topic }) =>
    JSON.parse(JSON.stringify({ seq, type, actorId, userId, role, name, topic })),
  );
const add = (by: Person, room: Room, person: Person): Promise<Member> =>
  by.rest.post(`/rooms/${room.id}/members`, { userId: person.id });
const members = async (by: Person, room: Room): Promise<Record<string, string>> => {
  const { items } = await by.rest.get<Items<Member>>(`/rooms/${room.id}/members`);
  return Object.fromEntries(items.map((m) => [m.userId, m.role]));
};
const mine = async (person: Person): Promise<RoomOverview[]> =>
  (await person.rest.get<Items<RoomOverview>>('/rooms')).items;
const refusal = (status: number, code: string) => expect.objectContaining({ status, code });

describe('a room', () => {
  test('is created with its first members, and its log begins with how', async () => {
    const answer = await olga.rest.request<Room>('POST', '/rooms', {
      body: { name: unique('Room'), kind: 'private', topic: 'plans', members: [boris.username] },
    });
    expect(answer.status).toBe(201);
    const room = answer.body;
    expect(room).toMatchObject({
      kind: 'private',
      topic: 'plans',
      createdBy: olga.id,
      memberCount: 2,
      lastSeq: 2,
      role: 'owner',
    });
    expect(told(await boris.log(room.id))).toEqual([
      { seq: 1, type: 'room.created', actorId: olga.id },
      { seq: 2, type: 'member.joined', actorId: olga.id, userId: boris.id },
    ]);
    expect(await members(boris, room)).toEqual({ [olga.id]: 'owner', [boris.id]: 'member' });
    expect(await boris.rest.get(`/rooms/${room.id}`)).toEqual({ ...room, role: 'member' });
  });

  test('with members who do not exist is refused by name, and nothing is created', async () => {
    const [name, nobody, noOne] = [unique('room'), unique('nobody'), unique('no-one')] as const;
    const wish = { name, kind: 'public', members: [nobody, boris.username, noOne] };
    const error = await olga.rest.post('/rooms', wish).catch((e: unknown) => e);
    expect(error).toEqual(refusal(404, 'user_not_found'));
    expect(JSON.stringify(error)).toContain(nobody);
    expect(JSON.stringify(error)).toContain(noOne);
    expect(JSON.stringify(error)).not.toContain(boris.username);
    expect(await mine(olga)).toEqual([]);
    await boris.createRoom('public', [], name); // the name is still free
  });

  test('that is public has a name that no other has, however written and however many ask at once', async () => {
    const name = unique('Wanted');
    const answers = await Promise.all(
      [name, name.toUpperCase(), name.toLowerCase(), name].map((n, i) =>
        [olga, boris, vera][i % 3]!.rest.request<{ code?: string }>('POST', '/rooms', {
          body: { name: n, kind: 'public' },
        }),
      ),
    );
    expect(answers.map((a) => a.body.code ?? a.status).sort()).toEqual([
      201,
      ...Array.from({ length: 3 }, () => 'room_name_taken'),
    ]);
  });

  test('that is public is found and joined by anybody, once', async () => {
    const room = await olga.createRoom('public');
    const found = await boris.rest.get<Items<Room>>(`/rooms/browse?search=${room.name}`);
    expect(found.items.map((r) => r.id)).toEqual([room.id]);
    const joins = await Promise.all(
      [1, 2, 3].map(() => boris.rest.request<Room>('POST', `/rooms/${room.id}/join`)),
    );
    expect(joins.map((a) => a.status)).toEqual([200, 200, 200]);
    expect(told(await boris.log(room.id)).slice(1)).toEqual([
      { seq: 2, type: 'member.joined', actorId: boris.id, userId: boris.id },
    ]);
    expect(await boris.rest.get(`/rooms/${room.id}`)).toMatchObject({ memberCount: 2, role: 'member' });
  });

  test('that is private is neither found, seen nor joined without an invitation', async () => {
    const room = await olga.createRoom('private');
    expect(await boris.rest.get(`/rooms/browse?search=${room.name}`)).toMatchObject({ items: [] });
    for (const [method, path] of [
      ['GET', ''],
      ['POST', '/join'],
      ['GET', '/members'],
      ['GET', '/messages'],
      ['GET', '/events?after=0'],
    ] as const)
      await expect(boris.rest.call(method, `/rooms/${room.id}${path}`)).rejects.toMatchObject({
        code: 'room_not_found',
      });
    await add(olga, room, boris);
    expect(await boris.rest.get(`/rooms/${room.id}`)).toMatchObject({ id: room.id });
  });

  test('is renamed by those who may, and says so', async () => {
    const room = await olga.createRoom('private', [boris]);
    const socket = await boris.socket();
    const name = unique('renamed');
    await olga.rest.patch(`/rooms/${room.id}`, { name });
    await olga.rest.patch(`/rooms/${room.id}`, { topic: 'news' });
    await expect(boris.rest.patch(`/rooms/${room.id}`, { name: unique('no') })).rejects.toEqual(
      refusal(403, 'forbidden'),
    );
    expect(told((await boris.log(room.id)).slice(2))).toEqual([
      { seq: 3, type: 'room.updated', actorId: olga.id, name },
      { seq: 4, type: 'room.updated', actorId: olga.id, topic: 'news' },
    ]);
    await socket.hears<Entry>('event', (e) => e.roomId === room.id && e.seq === 4);
    expect(socket.entries(room.id)).toEqual((await boris.log(room.id)).slice(2));
    expect(await boris.rest.get(`/rooms/${room.id}`)).toMatchObject({ name, topic: 'news' });
  });

  test('is deleted by its owner, with everything in it, and its members are told', async () => {
    const room = await olga.createRoom('private', [boris]);
    const socket = await boris.socket();
    await boris.send(room.id, 'soon gone');
    await expect(boris.rest.delete(`/rooms/${room.id}`)).rejects.toEqual(refusal(403, 'forbidden'));
    expect((await olga.rest.request('DELETE', `/rooms/${room.id}`)).status).toBe(204);
    await socket.hears<{ roomId: string }>('room:removed', (r) => r.roomId === room.id);
    for (const person of [olga, boris]) {
      await expect(person.rest.get(`/rooms/${room.id}`)).rejects.toEqual(refusal(404, 'room_not_found'));
      await expect(person.log(room.id)).rejects.toEqual(refusal(404, 'room_not_found'));
    }
    await olga.createRoom('private', [], room.name);
  });
});

describe('members', () => {
  test('are added, leave and are removed, and each of it is an entry', async () => {
    const room = await olga.createRoom('private');
    await add(olga, room, boris);
    await olga.rest.post(`/rooms/${room.id}/members`, { username: vera.username });
    expect((await boris.rest.request('POST', `/rooms/${room.id}/leave`)).status).toBe(204);
    await olga.rest.delete(`/rooms/${room.id}/members/${vera.id}`);
    expect(told((await olga.log(room.id)).slice(1))).toEqual([
      { seq: 2, type: 'member.joined', actorId: olga.id, userId: boris.id },
      { seq: 3, type: 'member.joined', actorId: olga.id, userId: vera.id },
      { seq: 4, type: 'member.left', actorId: boris.id, userId: boris.id },
      { seq: 5, type: 'member.removed', actorId: olga.id, userId: vera.id },
    ]);
    expect(await members(olga, room)).toEqual({ [olga.id]: 'owner' });
    expect(await mine(boris)).toEqual([]);
  });

  test('who do not exist are not added', async () => {
    const room = await olga.createRoom('private');
    for (const body of [{ userId: randomUUID() }, { username: unique('nobody') }])
      await expect(olga.rest.post(`/rooms/${room.id}/members`, body)).rejects.toEqual(
        refusal(404, 'user_not_found'),
      );
    await expect(olga.rest.post(`/rooms/${room.id}/members`, {})).rejects.toEqual(
      refusal(400, 'invalid_input'),
    );
    await expect(
      olga.rest.post(`/rooms/${room.id}/members`, { userId: boris.id, username: boris.username }),
    ).rejects.toEqual(refusal(400, 'invalid_input'));
    expect(await members(olga, room)).toEqual({ [olga.id]: 'owner' });
  });

  test('get roles from the owner, and a moderator does what a member may not', async () => {
    const room = await olga.createRoom('private', [boris, vera]);
    const role = (by: Person, of: Person, to: string) =>
      by.rest.patch<Member>(`/rooms/${room.id}/members/${of.id}`, { role: to });
    await expect(boris.rest.delete(`/rooms/${room.id}/members/${vera.id}`)).rejects.toEqual(
      refusal(403, 'forbidden'),
    );
    await expect(role(boris, boris, 'moderator')).rejects.toEqual(refusal(403, 'forbidden'));
    expect(await role(olga, boris, 'moderator')).toMatchObject({ userId: boris.id, role: 'moderator' });
    await boris.rest.delete(`/rooms/${room.id}/members/${vera.id}`);
    await expect(boris.rest.delete(`/rooms/${room.id}/members/${olga.id}`)).rejects.toEqual(
      refusal(403, 'forbidden'),
    );
    expect(await members(olga, room)).toEqual({ [olga.id]: 'owner', [boris.id]: 'moderator' });
    expect(told((await olga.log(room.id)).slice(3, 4))).toEqual([
      { seq: 4, type: 'member.role', actorId: olga.id, userId: boris.id, role: 'moderator' },
    ]);
  });

  test('get the room handed over before its owner leaves', async () => {
    const room = await olga.createRoom('public', [boris]);
    await expect(olga.rest.post(`/rooms/${room.id}/leave`)).rejects.toEqual(
      refusal(409, 'owner_must_hand_over'),
    );
    await olga.rest.patch(`/rooms/${room.id}/members/${boris.id}`, { role: 'owner' });
    expect(await members(boris, room)).toEqual({ [olga.id]: 'moderator', [boris.id]: 'owner' });
    await olga.rest.post(`/rooms/${room.id}/leave`);
    expect(await members(boris, room)).toEqual({ [boris.id]: 'owner' });
  });

  test('are listed page by page, each once', async () => {
    const people = await crowd(doors, 5);
    const room = await olga.createRoom('private', people);
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const page: Items<Member> = await olga.rest.get(
        `/rooms/${room.id}/members?limit=2${cursor ? `&cursor=${cursor}` : ''}`,
      );
      found.push(...page.items.map((m) => m.userId));
      cursor = page.nextCursor;
    } while (cursor);
    expect(found.sort()).toEqual([olga, ...people].map((p) => p.id).sort());
  });

  test.each([
    ['rename it', 'PATCH', '', { name: 'taken over' }],
    ['delete it', 'DELETE', '', undefined],
    ['add themselves', 'POST', '/members', { userId: 'me' }],
    ['remove its owner', 'DELETE', '/members/{owner}', undefined],
    ['make themselves its owner', 'PATCH', '/members/{me}', { role: 'owner' }],
    ['send', 'POST', '/messages', { text: 'let me in', clientId: 'c' }],
    ['move a read marker', 'PUT', '/read', { seq: 1 }],
    ['leave', 'POST', '/leave', undefined],
  ])('are all who may: a stranger cannot %s', async (_what, method, path, body) => {
    for (const kind of ['public', 'private'] as const) {
      const room = await olga.createRoom(kind, [boris]);
      const place = path.replace('{owner}', olga.id).replace('{me}', vera.id);
      const sent = body && 'userId' in body ? { userId: vera.id } : body;
      const error = await vera.rest.call(method, `/rooms/${room.id}${place}`, sent).catch((e: unknown) => e);
      expect(error).toMatchObject(
        kind === 'private'
          ? { status: 404, code: 'room_not_found' }
          : { code: expect.stringMatching(/^(forbidden|not_a_member)$/), status: 403 },
      );
      expect(await olga.log(room.id)).toHaveLength(2);
    }
  });
});

describe('a direct room', () => {
  test('is one for a pair, by id or by name, whoever asks', async () => {
    const rooms = await Promise.all([
      olga.rest.post<Room>('/rooms/direct', { userId: boris.id }),
      olga.rest.post<Room>('/rooms/direct', { username: boris.username }),
      boris.rest.post<Room>('/rooms/direct', { userId: olga.id }),
    ]);
    expect(new Set(rooms.map((r) => r.id)).size).toBe(1);
    const room = rooms[0];
    expect(room).toMatchObject({ kind: 'direct', memberCount: 2 });
    expect([...(room.userIds ?? [])].sort()).toEqual([olga.id, boris.id].sort());
    const log = await boris.log(room.id);
    expect(log.map((e) => e.type)).toEqual(['room.created', 'member.joined']);
    await expect(vera.log(room.id)).rejects.toEqual(refusal(404, 'room_not_found'));
  });

  test('stays as it is', async () => {
    const room = await olga.rest.post<Room>('/rooms/direct', { userId: boris.id });
    for (const [method, path, body] of [
      ['PATCH', '', { name: 'we two' }],
      ['POST', '/leave', undefined],
      ['POST', '/members', { userId: vera.id }],
      ['PATCH', `/members/${boris.id}`, { role: 'owner' }],
      ['DELETE', `/members/${boris.id}`, undefined],
    ] as const)
      await expect(olga.rest.call(method, `/rooms/${room.id}${path}`, body)).rejects.toEqual(
        refusal(409, 'direct_room'),
      );
    await expect(vera.rest.post(`/rooms/${room.id}/join`)).rejects.toEqual(refusal(404, 'room_not_found'));
  });

  test('is for two: neither with oneself nor with nobody', async () => {
    await expect(olga.rest.post('/rooms/direct', { userId: olga.id })).rejects.toEqual(
      refusal(400, 'invalid_input'),
    );
    await expect(olga.rest.post('/rooms/direct', { userId: randomUUID() })).rejects.toEqual(
      refusal(404, 'user_not_found'),
    );
    await expect(olga.rest.post('/rooms/direct', {})).rejects.toEqual(refusal(400, 'invalid_input'));
  });

  test('is one each for 100 pairs who ask for each other at the same moment', async () => {
    const people = await crowd(doors, 200);
    const pairs = Array.from(
      { length: 100 },
      (_, i) => [people[2 * i], people[2 * i + 1]] as [Person, Person],
    );
    const asked = await Promise.all(
      pairs.map(([a, b]) =>
        Promise.all([
          a.rest.post<Room>('/rooms/direct', { userId: b.id }),
          b.rest.post<Room>('/rooms/direct', { userId: a.id }),
        ]),
      ),
    );
    for (const [one, other] of asked) expect(one.id).toBe(other.id);
    expect(new Set(asked.map(([one]) => one.id)).size).toBe(100);
    await inTurns(pairs, 8, async ([a, b], i) => {
      const id = asked[i]?.[0].id ?? '';
      for (const person of [a, b]) expect((await mine(person)).map((r) => r.id)).toEqual([id]);
      expect((await a.log(id)).map((e) => e.type)).toEqual(['room.created', 'member.joined']);
    });
  });
});

describe('my rooms', () => {
  test('come newest entry first, with unread count and last message', async () => {
    const first = await olga.createRoom('private', [boris]);
    const second = await olga.createRoom('private', [boris]);
    await olga.send(second.id, 'one');
    const last = await olga.send(first.id, 'two');
    await boris.send(second.id, 'mine does not count');
    expect(await mine(boris)).toMatchObject([
      { id: second.id, lastSeq: 4, unread: 1, lastMessage: { text: 'mine does not count' } },
      { id: first.id, lastSeq: 3, readSeq: expect.any(Number), unread: 1, lastMessage: last },
    ]);
  });

  test('say of each device the same about what was read, and never go back', async () => {
    const room = await olga.createRoom('private', [boris]);
    const phone = await boris.anotherDevice();
    const [, socket] = await Promise.all([boris.socket(), phone.socket()]);
    for (const text of ['1', '2', '3']) await olga.send(room.id, text);
    const unread = async (device: Person) => (await mine(device))[0]?.unread;
    expect(await unread(boris)).toBe(3);
    expect((await phone.rest.request('PUT', `/rooms/${room.id}/read`, { body: { seq: 4 } })).status).toBe(
      204,
    );
    expect(await unread(boris)).toBe(1);
    await boris.rest.put(`/rooms/${room.id}/read`, { seq: 3 });
    expect(await unread(phone)).toBe(1);
    await socket.call('read', { roomId: room.id, seq: 5 });
    expect(await unread(boris)).toBe(0);
    await socket.hears<{ userId: string; seq: number }>('read', (r) => r.userId === boris.id && r.seq === 5);
    // nobody has read what is not there yet
    await boris.rest.put(`/rooms/${room.id}/read`, { seq: 1000 });
    await olga.send(room.id, '4');
    expect(await unread(phone)).toBe(1);
  });

  test('are told to every device when they change', async () => {
    const sockets = [await boris.socket(), await (await boris.anotherDevice()).socket()];
    const room = await olga.createRoom('private', [boris]);
    for (const socket of sockets)
      await socket.hears<{ room: Room }>('room:added', (r) => r.room.id === room.id);
    await olga.rest.delete(`/rooms/${room.id}/members/${boris.id}`);
    for (const socket of sockets)
      await socket.hears<{ roomId: string }>('room:removed', (r) => r.roomId === room.id);
  });

  test('are the same at the gRPC door', async () => {
    const room = await olga.createRoom('private', [boris]);
    const client = new Grpc(ROOMS.definition, doors.chat.at(-1)!, boris.token);
    try {
      const { rooms } = await client.call('listRooms', {});
      expect(rooms).toMatchObject([{ room: { id: room.id, kind: RoomKind.PRIVATE, name: room.name } }]);
      const made = await client.call('createRoom', {
        name: unique('grpc'),
        kind: RoomKind.PUBLIC,
        topic: undefined,
        members: [vera.username],
      });
      const id = made.room?.id ?? '';
      expect(await new Rest(doors.gateways[0]!, vera.token).get(`/rooms/${id}`)).toMatchObject({ id });
      await expect(client.call('deleteRoom', { roomId: room.id })).rejects.toMatchObject({
        code: 'forbidden',
      });
    } finally {
      client.close();
    }
  });
});
