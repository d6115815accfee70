import { PRESENCE } from '@veche/contracts';
import type { Presence } from '@veche/protocol';
import { eventually } from '@veche/testing';
import { Grpc } from '../harness/grpc';
import { type Person, register } from '../harness/people';
import type { Socket } from '../harness/socket';
import { sharedDoors } from '../harness/veche';

const doors = sharedDoors();
/** Another gateway than the first, where there are several. */
const otherGateway = doors.gateways.at(-1);

const heardBy = (socket: Socket, event: string): unknown[] =>
  socket.heard.flatMap((heard) => (heard.event === event ? [heard.data] : []));

describe('who looks at a room', () => {
  let olga: Person, boris: Person, roomId: string;
  beforeAll(async () => {
    [olga, boris] = (await register(doors, 'olga', 'boris')) as [Person, Person];
    roomId = (await olga.createRoom('private', [boris])).id;
  });

  test('is told who writes there, at every gateway and by every door, until they stop or fall silent', async () => {
    const [writing, looking, elsewhere] = await Promise.all([
      olga.socket(),
      boris.socket(otherGateway),
      boris.socket(),
    ]);
    await looking.call('room:enter', { roomId });
    const told = (on: boolean) => ({ roomId, userId: olga.id, on });
    await writing.call('typing', { roomId, on: true });
    await eventually(() => heardBy(looking, 'typing').length === 1);
    await olga.send(roomId, 'What I wrote');
    await eventually(() => heardBy(looking, 'typing').length === 2);

    const grpc = new Grpc(PRESENCE.definition, doors.chat.at(-1) ?? '', olga.token);
    await grpc.call('setTyping', { roomId, on: true });
    grpc.close();
    // nobody says that it is over
    await eventually(() => heardBy(looking, 'typing').length >= 4 && heardBy(looking, 'typing').at(-1));
    await eventually(() => (heardBy(looking, 'typing').at(-1) as { on: boolean }).on === false);
    expect(heardBy(looking, 'typing')).toEqual([true, false, true, true, false].map(told));

    await looking.call('room:exit', { roomId });
    await writing.call('typing', { roomId, on: true });
    await elsewhere.call('room:enter', { roomId });
    await writing.call('typing', { roomId, on: true });
    await eventually(() => heardBy(elsewhere, 'typing').length > 0);
    expect(heardBy(looking, 'typing')).toHaveLength(5);
    expect(heardBy(writing, 'typing')).toEqual([]);
  });

  test('is told how far others have read', async () => {
    const [reading, looking, elsewhere] = await Promise.all([
      olga.socket(),
      boris.socket(otherGateway),
      boris.socket(),
    ]);
    await looking.call('room:enter', { roomId });
    const { seq } = await boris.send(roomId, 'Read this');
    await reading.call('read', { roomId, seq });
    await eventually(() => heardBy(looking, 'reads').length > 0);
    expect(heardBy(looking, 'reads').at(-1)).toEqual({ roomId, marks: [{ userId: olga.id, seq }] });
    await reading.hears<{ seq: number }>('read', (mark) => mark.seq === seq);
    expect([...heardBy(elsewhere, 'reads'), ...heardBy(elsewhere, 'read')]).toEqual([]);
  });
});

describe('whether somebody is here', () => {
  let olga: Person, boris: Person;
  beforeAll(async () => {
    [olga, boris] = (await register(doors, 'olga', 'boris')) as [Person, Person];
  });
  const presenceOf = async (person: Person): Promise<Presence | undefined> =>
    (await boris.rest.get<{ items: Presence[] }>(`/users/presence?ids=${person.id}`)).items[0];
  const last = (socket: Socket) =>
    (heardBy(socket, 'presence') as Presence[]).findLast(({ userId }) => userId === olga.id);

  test('is told to those who watch them, at whatever gateway', async () => {
    const watching = await boris.socket(otherGateway);
    const { presences } = await watching.call<{ presences: Presence[] }>('presence:watch', {
      userIds: [olga.id],
    });
    expect(presences).toEqual([{ userId: olga.id, availability: 'offline' }]);
    const [phone, laptop] = [await olga.socket(), await (await olga.anotherDevice()).socket(otherGateway)];
    await eventually(() => last(watching)?.availability === 'online');
    for (const device of [phone, laptop]) await device.call('presence:idle', { idle: true });
    await eventually(() => last(watching)?.availability === 'away');
    await phone.call('presence:idle', { idle: false });
    await eventually(() => last(watching)?.availability === 'online');

    const until = new Date(Date.now() + 3_600_000).toISOString();
    const said = { emoji: '🎧', text: 'In a call', until };
    await olga.rest.request('PUT', '/users/me/status', { body: { ...said, availability: 'dnd' } });
    await eventually(() => last(watching)?.availability === 'dnd');
    expect(last(watching)).toEqual({ userId: olga.id, availability: 'dnd', status: said });
    expect(await presenceOf(olga)).toEqual(last(watching));
    const { presence } = await laptop.call<{ presence: Presence }>('status', {});
    expect(presence).toEqual({ userId: olga.id, availability: 'online' });

    phone.close();
    await laptop.call('presence:idle', { idle: true });
    await eventually(() => last(watching)?.availability === 'away');
    laptop.close();
    await eventually(() => last(watching)?.availability === 'offline');
    expect(await presenceOf(olga)).toMatchObject({ lastSeenAt: expect.stringMatching(/:00\.000Z$/) });
  });

  test('is told to those who look at a small room of theirs, and to nobody from outside', async () => {
    const room = await boris.createRoom('public', [olga]);
    const [stranger] = (await register(doors, 'stranger')) as [Person];
    const sockets = [await boris.socket(), await stranger.socket()] as const;
    const entered = await sockets[0].call<{ online: Presence[] }>('room:enter', { roomId: room.id });
    await expect(sockets[1].call('room:enter', { roomId: room.id })).rejects.toMatchObject({
      code: 'not_a_member',
    });
    await eventually(async () => (await presenceOf(boris))?.availability === 'online');
    expect(entered.online.filter(({ userId }) => userId === olga.id)).toEqual([]);
    const hers = await olga.socket(otherGateway);
    await eventually(() => last(sockets[0])?.availability === 'online');
    await olga.rest.post(`/rooms/${room.id}/leave`);
    await eventually(() => sockets[0].entries(room.id).some(({ type }) => type === 'member.left'));
    hers.close();
    await eventually(async () => (await presenceOf(olga))?.availability === 'offline');
    expect(last(sockets[0])?.availability).toBe('online');
    expect(heardBy(sockets[1], 'presence')).toEqual([]);
  });
});
