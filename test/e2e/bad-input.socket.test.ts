import { randomUUID } from 'node:crypto';
import { io } from 'socket.io-client';
import { type Kind, wrongVersions } from '../harness/bad-input';
import { Person, register } from '../harness/people';
import { Refused } from '../harness/rest';
import type { Socket } from '../harness/socket';
import { sharedDoors } from '../harness/veche';
import type { Entry, Room } from '../harness/wire';

const doors = sharedDoors();
const [gateway = ''] = doors.gateways;
let olga: Person, boris: Person, room: Room, bystander: Socket;

beforeAll(async () => {
  [olga, boris] = (await register(doors, 'olga', 'boris')) as [Person, Person];
  room = await olga.createRoom('private', [boris]);
  bystander = await boris.socket(gateway);
});
afterEach(async () => {
  // whatever was done: nobody else was disturbed, and what is said after it is heard
  const text = `bystander ${randomUUID()}`;
  await boris.send(room.id, text);
  await bystander.hearsMessage(text);
  expect(bystander.disconnects).toEqual([]);
  olga.leave();
});
afterAll(() => boris.leave());

const count = async (): Promise<number> => (await olga.log(room.id)).length;
const codeOf = (socket: Socket, event: string, data: unknown): Promise<string> =>
  socket.call(event, data).then(
    (answer) => `acknowledged ${JSON.stringify(answer)}`,
    (error: Error) => (error instanceof Refused && error.problem.title ? error.code : error.message),
  );

interface Call {
  event: string;
  valid: Record<string, unknown>;
  kinds: Record<string, [Kind, number?]>;
}
const CALLS: Call[] = [
  { event: 'room:enter', valid: {}, kinds: { roomId: ['id'], after: ['seq'] } },
  { event: 'room:exit', valid: {}, kinds: { roomId: ['id'] } },
  {
    event: 'message:send',
    valid: { text: 'never sent', clientId: 'c' },
    kinds: {
      ...{ roomId: ['id'], text: ['text', 4000], clientId: ['text', 64], replyTo: ['seq'] },
      threadSeq: ['seq'],
    },
  },
  { event: 'read', valid: { seq: 1 }, kinds: { roomId: ['id'], seq: ['seq'], threadSeq: ['seq'] } },
  {
    event: 'thread:follow',
    valid: { threadSeq: 1, on: true },
    kinds: { roomId: ['id'], threadSeq: ['seq'] },
  },
  { event: 'typing', valid: { on: true }, kinds: { roomId: ['id'] } },
  { event: 'status', valid: { text: 'here' }, kinds: { text: ['text', 100] } },
  { event: 'token', valid: {}, kinds: { token: ['text', 4096] } },
];

describe.each(CALLS)('the call $event', ({ event, valid, kinds }) => {
  const whole = () => ('roomId' in kinds ? { roomId: room.id, ...valid } : valid);

  test('is refused with a typed error when a field is wrong', async () => {
    const socket = await olga.socket(gateway);
    const before = await count();
    const answers: Record<string, string> = {};
    for (const [what, data] of wrongVersions(whole(), kinds))
      answers[what] = await codeOf(socket, event, data);
    expect(Object.entries(answers).filter(([, code]) => code !== 'invalid_input')).toEqual([]);
    expect(await count()).toBe(before);
    expect(socket.disconnects).toEqual([]);
  });

  test('is refused with a typed error when it carries no object', async () => {
    const socket = await olga.socket(gateway);
    for (const data of [
      undefined,
      null,
      42,
      'text',
      true,
      [],
      [[]],
      Buffer.from('{}'),
      { a: Buffer.from('b') },
    ])
      expect([data, await codeOf(socket, event, data)]).toEqual([data, 'invalid_input']);
    expect(socket.disconnects).toEqual([]);
  });

  test('without an acknowledgement callback, good or bad, harms nobody', async () => {
    const socket = await olga.socket(gateway);
    for (const args of [[], [null], [{}], [whole()], [42, 'text'], [{}, {}, {}]])
      socket.io.emit(event, ...args);
    socket.io.emit(event, whole(), 'no function');
    // calls are taken in order: what was before this one has been dealt with
    await socket.call('room:enter', { roomId: room.id });
    expect(socket.disconnects).toEqual([]);
  });
});

describe('sync', () => {
  test.each([
    ['no rooms', {}],
    ['a list of rooms', { rooms: [] }],
    ['null', { rooms: null }],
    ['no id', { rooms: { 'no-id': 0 } }],
    ['no number', { rooms: { [randomUUID()]: 'one' } }],
    ['a negative number', { rooms: { [randomUUID()]: -1 } }],
    ['half a number', { rooms: { [randomUUID()]: 0.5 } }],
    ['null for a number', { rooms: { [randomUUID()]: null } }],
    [
      'more rooms than anybody has',
      { rooms: Object.fromEntries(Array.from({ length: 201 }, () => [randomUUID(), 0])) },
    ],
    ['an unknown field', { rooms: {}, since: 0 }],
  ])('is refused with %s', async (_what, data) => {
    const socket = await olga.socket(gateway);
    expect(await codeOf(socket, 'sync', data)).toBe('invalid_input');
  });

  test('of a number that a room has not reached says so', async () => {
    const socket = await olga.socket(gateway);
    const { rooms } = await socket.call<{ rooms: Record<string, { events: Entry[]; complete: boolean }> }>(
      'sync',
      {
        rooms: { [room.id]: Number.MAX_SAFE_INTEGER },
      },
    );
    expect(rooms[room.id]).toMatchObject({ events: [], complete: false });
  });
});

describe('a connection', () => {
  test('that calls what does not exist gets an answer, and stays', async () => {
    const socket = await olga.socket(gateway);
    for (const event of ['message:paint', '__proto__', 'constructor', '', 'x'.repeat(1000), 'room:Enter'])
      expect([event, await codeOf(socket, event, {})]).toEqual([event, 'not_found']);
    socket.io.emit('message:paint', {});
    await socket.call('room:enter', { roomId: room.id });
  });

  test('gets nothing of other people, whatever it asks', async () => {
    const [stranger] = (await register(doors, 'stranger')) as [Person];
    const socket = await stranger.socket(gateway);
    const before = await count();
    for (const [event, data] of [
      ['room:enter', {}],
      ['message:send', { text: 'let me in', clientId: 'c' }],
      ['read', { seq: 1 }],
      ['typing', { on: true }],
    ] as const)
      expect([event, await codeOf(socket, event, { roomId: room.id, ...data })]).toEqual([
        event,
        'room_not_found',
      ]);
    expect(await socket.call('sync', { rooms: { [room.id]: 0 } })).toMatchObject({
      rooms: { [room.id]: { error: { code: 'room_not_found' } } },
    });
    expect(await codeOf(socket, 'token', { token: olga.token })).toBe('invalid_token');
    expect(await count()).toBe(before);
    expect(socket.entries(room.id)).toEqual([]);
    stranger.leave();
  });

  test('that sends a frame far too large is closed, alone', async () => {
    const socket = await olga.socket(gateway);
    socket.io.emit(
      'message:send',
      { roomId: room.id, text: 'x'.repeat(3_000_000), clientId: 'c' },
      () => undefined,
    );
    await socket.closed();
  });

  test.each([
    ['no packet', 'garbage'],
    ['a packet of an unknown type', '9/chat,["a"]'],
    ['a packet that is not JSON', '2/chat,{['],
    ['an event without a name', '2/chat,[]'],
    ['an event with a number for a name', '2/chat,[1]'],
    ['an event with an object for a name', '2/chat,[{"a":1}]'],
    ['an acknowledgement of nothing', '3/chat,99["a"]'],
    ['a binary event without its bytes', '51-/chat,["a",{"_placeholder":true,"num":0}]'],
    ['a namespace that is not there', '0/nowhere,'],
    ['a reserved name', '2/chat,["disconnect"]'],
    ['very deep JSON', `2/chat,["read",${'['.repeat(20_000)}${']'.repeat(20_000)}]`],
  ])('that sends %s disturbs nobody', async (_what, packet) => {
    const socket = await olga.socket(gateway);
    socket.io.io.engine.write(packet);
    // it is closed or goes on; either way the same person can connect and talk
    const again = await olga.socket(gateway);
    await again.send(room.id, 'as before', randomUUID());
  });

  test.each([['/'], ['/admin'], ['/chat2']])('to the namespace %s is refused', async (namespace) => {
    const other = io(`${gateway}${namespace}`, {
      auth: { token: olga.token },
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
    });
    const outcome = await new Promise<string>((resolve) => {
      other.once('connect_error', () => resolve('refused'));
      other.once('disconnect', () => resolve('refused'));
      other.once('connect', () => {
        other
          .timeout(1_000)
          .emit('message:send', {}, (error: Error | null) => resolve(error ? 'deaf' : 'served'));
      });
    });
    other.close();
    expect(outcome).not.toBe('served');
  });
});
