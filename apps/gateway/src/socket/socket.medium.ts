import { Entry, SubscribeResponse } from '@veche/contracts';
import { AppError } from '@veche/errors';
import { eventually } from '@veche/testing';
import fc from 'fast-check';
import { io } from 'socket.io-client';
import { v7 as uuid } from 'uuid';
import { type Answer, type Device, SocketDoor } from '../../test/socket-door';

const numbers = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);

/** Of Protocol Buffers: seven bits a byte, the lowest first. */
const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value & 127) | 128, ...varint(value >> 7)];

let door: SocketDoor;
const [olga, boris] = [uuid(), uuid()];

beforeEach(async () => {
  door = await SocketDoor.open();
});
afterEach(() => door.close());

describe('a handshake', () => {
  test.each([
    ['without a token', undefined, 'unauthenticated'],
    ['with an empty one', '', 'unauthenticated'],
    ['with something else', { a: 1 }, 'unauthenticated'],
    ['with a token that is not ours', 'nonsense', 'invalid_token'],
  ])('%s is refused with its code', async (_name, token, code) => {
    const refusal = await door.device(token).refusal();
    expect(refusal).toEqual({ code, title: expect.any(String) });
  });

  test('takes no token from the address', async () => {
    const device = door.device(undefined, { query: { token: door.sessions.token(olga) } });
    expect(await device.refusal()).toMatchObject({ code: 'unauthenticated' });
  });

  test('is for the namespace and no other', async () => {
    for (const other of ['/', '/other']) {
      const socket = io(`${door.url}${other}`, { transports: ['websocket'], forceNew: true });
      await new Promise((resolve) => socket.once('connect_error', resolve));
      expect(socket.connected).toBe(false);
      socket.disconnect();
    }
  });

  test('that cannot be decided now is no refusal: the client tries again by itself', async () => {
    door.sessions.failure = new AppError('unavailable');
    const device = door.device(door.sessions.token(olga), { reconnection: true, reconnectionDelay: 10 });
    await new Promise((resolve) => device.socket.io.once('reconnect_attempt', resolve));
    door.sessions.failure = undefined;
    expect(await device.ready()).toMatchObject({ userId: olga });
  });

  test.each(['websocket', 'polling'])('works by %s', async (transport) => {
    const room = door.chat.create(olga);
    const device = await door.connected(olga, { transports: [transport] });
    door.chat.say(room, olga);
    await eventually(() => device.seqs(room.id).length === 1);
  });
});

describe('polling of a session that another gateway has begun', () => {
  const poll = (query: string, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(`${door.url}/socket.io/?EIO=4&transport=polling&${query}`, {
      method,
      headers,
      body: method === 'POST' ? '40/chat,' : undefined,
      redirect: 'manual',
    });

  test.each(['GET', 'POST'])('is sent on by another connection, and not for ever: %s', async (method) => {
    let query = 'sid=elsewhere&t=1';
    for (let hops = 1; hops <= 15; hops++) {
      const answer = await poll(query, {}, method);
      expect(answer.status).toBe(307);
      expect(answer.headers.get('connection')).toBe('close');
      const address = new URL(answer.headers.get('location') ?? '', 'http://there');
      expect(Object.fromEntries(address.searchParams)).toMatchObject({
        sid: 'elsewhere',
        t: '1',
        hops: `${hops}`,
      });
      expect(address.pathname).toBe('/socket.io/');
      query = address.search.replace('?EIO=4&transport=polling&', '');
    }
    const last = await poll(query, {}, method);
    expect({ status: last.status, body: await last.json() }).toEqual({
      status: 400,
      body: { code: 1, message: 'Session ID unknown' },
    });
  });

  test('is refused at once where a client would lose what it sends', async () => {
    expect((await poll('sid=elsewhere', { 'user-agent': 'node-XMLHttpRequest' }, 'POST')).status).toBe(400);
  });

  test.each(['sid=__proto__', 'sid=elsewhere&hops=-1', 'sid=elsewhere&hops=x', 'sid=&hops=1'])(
    'does no harm with %s',
    async (query) => {
      expect([200, 307, 400]).toContain((await poll(query)).status);
      expect((await fetch(`${door.url}/health/live`)).status).toBeLessThan(500);
    },
  );

  test('says so to pages of other origins that may read it', async () => {
    const origin = 'https://app.example.org';
    const open = await SocketDoor.open({ CORS_ORIGINS: [origin] });
    for (const query of ['sid=elsewhere', 'sid=elsewhere&hops=15']) {
      const answer = await fetch(`${open.url}/socket.io/?EIO=4&transport=polling&${query}`, {
        headers: { origin },
        redirect: 'manual',
      });
      expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
    }
    await open.close();
  });
});

test('a user has a bounded number of connections, and may have another when one has gone', async () => {
  const devices = await Promise.all(numbers(1, 100).map(() => door.connected(olga)));
  expect(await door.device(door.sessions.token(olga)).refusal()).toMatchObject({ code: 'rate_limited' });
  await door.connected(boris);
  devices[0]?.socket.disconnect();
  await eventually(() => door.sessions.holders === 100);
  await door.connected(olga);
});

test('of many connections that a user opens at once, no more than that are let in', async () => {
  const answers = await Promise.all(
    numbers(1, 140).map(() => {
      const device = door.device(door.sessions.token(olga));
      return Promise.race([device.ready().then(() => 'in'), device.refusal().then(({ code }) => code)]);
    }),
  );
  expect(answers.filter((answer) => answer === 'in')).toHaveLength(100);
  expect(answers.filter((answer) => answer === 'rate_limited')).toHaveLength(40);
});

describe('a connection', () => {
  test('goes on whatever chat says on its stream', async () => {
    const [told, room] = [door.chat.create(olga), door.chat.create(olga)];
    const device = await door.connected(olga);
    const id = fc.constantFrom(told.id, olga, boris, '', 'nonsense');
    const said = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      // entries that lack what every entry has
      fc
        .record({ roomId: id, seq: fc.nat({ max: 20 }), actorId: id, kind: fc.nat({ max: 40 }) })
        .map(({ kind, ...entry }) => {
          const value = Entry.encode({ ...entry, at: undefined, body: undefined }).finish();
          // a body of any kind, empty: a field of proto3 whose type is a message (wire type 2)
          const body = kind === 0 ? [] : [...varint((kind << 3) | 2), 0];
          const bytes = Buffer.concat([value, Buffer.from(body)]);
          const entries = Buffer.concat([Buffer.from([10, ...varint(bytes.length)]), bytes]);
          return Buffer.concat([Buffer.from([10, ...varint(entries.length)]), entries]);
        }),
    );
    fc.assert(
      fc.property(said, (bytes) => {
        let message: SubscribeResponse;
        try {
          message = SubscribeResponse.decode(bytes);
        } catch {
          return; // so far gRPC itself does not let it come
        }
        door.chat.publish(message);
      }),
      { numRuns: 500 },
    );
    door.chat.say(room, olga);
    await eventually(() => device.seqs(room.id).length === 1);
    expect(device.closedBy).toBeUndefined();
  });

  test('hears first who it is and where its rooms stand, and then what follows', async () => {
    const room = door.chat.create(olga, boris);
    door.chat.create(boris);
    room.members.set(olga, 1);
    const device = await door.connected(olga);
    door.chat.say(room, boris, 'привет');
    await eventually(() => device.heard.length === 2);
    expect(device.heard).toEqual([
      {
        event: 'ready',
        data: {
          userId: olga,
          sessionId: expect.any(String),
          expiresAt: expect.stringMatching(/^\d{4}-.*Z$/),
          rooms: [{ id: room.id, lastSeq: 2, readSeq: 1, mentions: 0 }],
        },
      },
      {
        event: 'event',
        data: expect.objectContaining({ roomId: room.id, seq: 3, type: 'message.created', text: 'привет' }),
      },
    ]);
  });

  test.each([200, 201, 700, 701, 1_500])(
    'is told its %i rooms in parts, each once, before anything of them',
    async (count) => {
      const rooms = numbers(1, count).map(() => door.chat.create(olga));
      const release = door.chat.hold('listMemberships');
      const device = door.device(door.sessions.token(olga));
      await eventually(() => door.chat.calls.some(({ method }) => method === 'listMemberships'));
      // whatever is said meanwhile comes after
      for (const room of rooms) door.chat.say(room, olga);
      release();
      await eventually(() => device.heard.filter(({ event }) => event === 'event').length === count);
      const told = device.heard.flatMap((h) => (h.event === 'ready' || h.event === 'rooms' ? [h] : []));
      expect(device.heard.slice(0, told.length)).toEqual(told);
      expect(told.map(({ event }) => event)).toEqual(['ready', ...told.slice(1).map(() => 'rooms')]);
      expect(told.map(({ data }) => data.more)).toEqual([...told.slice(1).map(() => true), undefined]);
      expect(told[0]?.data.rooms).toHaveLength(Math.min(count, 200));
      expect(Math.max(...told.map(({ data }) => data.rooms.length))).toBeLessThanOrEqual(500);
      expect(told.flatMap(({ data }) => data.rooms.map(({ id }) => id))).toEqual(rooms.map(({ id }) => id));
    },
  );

  test('gets ready when chat is back, if it was away', async () => {
    door.chat.faults.failure = 1;
    const device = door.device(door.sessions.token(olga));
    await eventually(() => door.chat.calls.length >= 2);
    expect(device.heard).toEqual([]);
    door.chat.faults.failure = 0;
    await device.ready();
  });

  test('hears what was lost on the way as soon as something shows that it was', async () => {
    const room = door.chat.create(olga);
    const device = await door.connected(olga);
    door.chat.faults.loss = 1;
    for (let i = 0; i < 3; i++) door.chat.say(room, olga);
    door.chat.faults.loss = 0;
    door.chat.say(room, olga);
    await eventually(() => device.seqs(room.id).length === 4);
    expect(device.seqs(room.id)).toEqual([2, 3, 4, 5]);
  });

  test('hears everything that was said while the stream of chat was broken', async () => {
    const room = door.chat.create(olga);
    const device = await door.connected(olga);
    door.chat.breakStreams();
    expect(door.chat.listeners).toBe(0);
    for (let i = 0; i < 600; i++) door.chat.say(room, olga);
    await eventually(() => device.seqs(room.id).length === 600);
    expect(device.seqs(room.id)).toEqual(numbers(2, 601));
  });

  test('hears how far its own other devices have read in a large room, and not how far everybody has', async () => {
    const room = door.chat.create(olga, boris, uuid(), uuid());
    const [one, two, other] = await Promise.all([olga, olga, boris].map((u) => door.connected(u)));
    expect(await one?.call('read', { roomId: room.id, seq: 2 })).toEqual({ ok: true });
    for (const device of [one, two]) {
      await eventually(() => device?.heard.some((h) => h.event === 'read'));
      expect(device?.heard.at(-1)?.data).toEqual({ roomId: room.id, userId: olga, seq: 2 });
    }
    door.chat.say(room, olga);
    await eventually(() => other?.seqs(room.id).length === 1);
    expect(other?.heard.map(({ event }) => event)).toEqual(['ready', 'event']);
  });

  test('hears how far others have read while it looks at the room, all at once', async () => {
    const room = door.chat.create(olga, boris);
    const [one, looking, other] = await Promise.all([olga, boris, boris].map((u) => door.connected(u)));
    await looking?.call('room:enter', { roomId: room.id });
    for (const seq of [1, 2]) expect(await one?.call('read', { roomId: room.id, seq })).toEqual({ ok: true });
    await eventually(() => looking?.heard.some((h) => h.event === 'reads'));
    expect(looking?.heard.slice(1)).toEqual([
      { event: 'reads', data: { roomId: room.id, marks: [{ userId: olga, seq: 2 }] } },
    ]);
    await looking?.call('room:exit', { roomId: room.id });
    await one?.call('room:enter', { roomId: room.id });
    await other?.call('read', { roomId: room.id, seq: 2 });
    await eventually(() => one?.heard.some((h) => h.event === 'reads'));
    expect(looking?.heard.at(-1)?.event).toBe('read');
    expect(other?.heard.map(({ event }) => event)).toEqual(['ready', 'read']);
  });

  test('hears who writes in the rooms that it looks at, and nobody else does', async () => {
    const room = door.chat.create(olga, boris);
    const [one, two, away] = await Promise.all([olga, boris, boris].map((u) => door.connected(u)));
    const stranger = await door.connected(uuid());
    // who is no member may see the room, and not what its members do at this moment
    for (const device of [one, two, stranger]) await device?.call('room:enter', { roomId: room.id });
    const typing = (device?: Device) =>
      device?.heard.flatMap(({ event, data }) => (event === 'typing' ? [data] : []));
    await one?.call('typing', { roomId: room.id, on: true });
    await eventually(() => typing(two)?.length === 1);
    // who comes later is told at once
    const late = await door.connected(boris);
    await late.call('room:enter', { roomId: room.id });
    await eventually(() => typing(late)?.length === 1);
    door.chat.say(room, olga);
    await eventually(() => typing(two)?.length === 2 && typing(late)?.length === 2);
    const told = [true, false].map((on) => ({ roomId: room.id, userId: olga, on }));
    expect([typing(two), typing(late)]).toEqual([told, told]);
    expect([one, away, stranger].flatMap(typing)).toEqual([]);
    expect(await stranger.call('typing', { roomId: room.id, on: true })).toMatchObject({
      ok: false,
      error: { code: 'not_a_member' },
    });
  });
});

describe('what happens while a connection is getting ready', () => {
  const connecting = async (): Promise<{ device: Device; release: () => void }> => {
    const release = door.chat.hold('listMemberships');
    const device = door.device(door.sessions.token(olga));
    await eventually(() => door.chat.calls.some((c) => c.method === 'listMemberships'));
    return { device, release };
  };

  test('in its rooms is heard after ready', async () => {
    const room = door.chat.create(olga);
    const { device, release } = await connecting();
    door.chat.say(room, olga);
    release();
    await eventually(() => device.seqs(room.id).length === 1);
    expect((await device.ready()).rooms).toMatchObject([{ id: room.id, lastSeq: 1 }]);
  });

  test('to its membership is in ready already', async () => {
    const [left, joined] = [door.chat.create(olga, boris), door.chat.create(boris)];
    await door.connected(boris);
    door.chat.calls = [];
    const { device, release } = await connecting();
    door.chat.remove(left, olga);
    door.chat.join(joined, olga);
    release();
    expect((await device.ready()).rooms).toMatchObject([{ id: joined.id, lastSeq: 2 }]);
    door.chat.say(left, boris);
    door.chat.say(joined, boris);
    await eventually(() => device.seqs(joined.id).length === 1);
    expect(device.heard).toHaveLength(2);
  });

  test('to a room that is deleted is in ready already, where somebody here is in it', async () => {
    const room = door.chat.create(olga, boris);
    await door.connected(boris);
    door.chat.calls = [];
    const { device, release } = await connecting();
    door.chat.delete(room);
    release();
    expect((await device.ready()).rooms).toEqual([]);
  });

  test('to a room that is deleted is told right after ready, where nobody here was in it', async () => {
    const room = door.chat.create(olga);
    const { device, release } = await connecting();
    door.chat.delete(room);
    release();
    await device.ready();
    await eventually(() => device.heard.some(({ event }) => event === 'room:removed'));
    expect(device.heard.slice(1)).toEqual([{ event: 'room:removed', data: { roomId: room.id } }]);
  });

  test('to its read markers is in ready already', async () => {
    const room = door.chat.create(olga);
    const other = await door.connected(olga);
    door.chat.calls = [];
    const { device, release } = await connecting();
    await other.call('read', { roomId: room.id, seq: 1 });
    release();
    expect((await device.ready()).rooms).toMatchObject([{ id: room.id, readSeq: 1 }]);
  });
});

test('who knows more of a room than this process has heard gets what follows what they know', async () => {
  const room = door.chat.create(boris, olga);
  const here = await door.connected(boris);
  door.chat.faults.loss = 1;
  door.chat.remove(room, olga);
  door.chat.join(room, olga);
  door.chat.faults.loss = 0;
  const device = await door.connected(olga);
  expect((await device.ready()).rooms).toMatchObject([{ id: room.id, lastSeq: 4 }]);
  await eventually(() => here.seqs(room.id).length === 2);
  door.chat.say(room, boris);
  await eventually(() => device.seqs(room.id).length === 1);
  expect(device.seqs(room.id)).toEqual([5]);
  expect(device.heard).toHaveLength(2);
});

describe('somebody who comes into a room', () => {
  const events = (device: Device): (string | [string, number])[] =>
    device.heard.slice(1).map(({ event, data }) => (event === 'event' ? [event, data.seq] : event));

  test('is told the room and then what happens in it, from their coming on', async () => {
    const room = door.chat.create(boris);
    const [here, new1, new2] = await Promise.all([boris, olga, olga].map((u) => door.connected(u)));
    door.chat.faults.delay = 5;
    door.chat.join(room, olga);
    door.chat.say(room, boris);
    for (const device of [new1, new2] as Device[]) {
      await eventually(() => device.seqs(room.id).length === 2);
      expect(events(device)).toEqual(['room:added', ['event', 2], ['event', 3]]);
      expect(device.heard[1]).toMatchObject({ data: { room: { id: room.id, role: 'member' } } });
    }
    expect(events(here as Device)).toEqual([
      ['event', 2],
      ['event', 3],
    ]);
  });

  test('hears what was lost since then without anybody saying more', async () => {
    const room = door.chat.create(boris);
    const device = await door.connected(olga);
    door.chat.faults.loss = 1;
    const join = door.chat.join(room, olga);
    door.chat.say(room, boris);
    door.chat.faults.loss = 0;
    if (join) door.chat.announce(join);
    await eventually(() => device.seqs(room.id).length === 2);
    expect(events(device)).toEqual(['room:added', ['event', 2], ['event', 3]]);
  });

  test('and is gone again before they could be told hears nothing of it', async () => {
    const room = door.chat.create(boris);
    const device = await door.connected(olga);
    const join = door.chat.join(room, olga);
    await eventually(() => device.seqs(room.id).length === 1);
    door.chat.remove(room, olga);
    await eventually(() => device.heard.at(-1)?.event === 'room:removed');
    const before = [...device.heard];
    // an old entry comes a second time
    if (join) door.chat.announce(join);
    await eventually(() => door.chat.calls.at(-1)?.method === 'listMemberships');
    door.chat.say(room, boris);
    await device.call('sync', { rooms: {} });
    expect(device.heard).toEqual(before);
  });

  test('with a crowd keeps their connection, and misses nothing after the number that they are told', async () => {
    const room = door.chat.create(boris);
    const here = await door.connected(boris);
    const early = await door.connected(olga);
    const release = door.chat.hold('describeRoom');
    door.chat.join(room, olga);
    // far more than is kept for newcomers
    for (let i = 0; i < 900; i++) door.chat.join(room, uuid());
    await eventually(() => here.seqs(room.id).length === 901);
    release();
    await eventually(() => early.heard.some(({ event }) => event === 'room:added'));
    door.chat.say(room, boris);
    await eventually(() => early.seqs(room.id).at(-1) === room.entries.length);
    const [, added] = early.heard;
    const lastSeq = added?.event === 'room:added' ? added.data.room.lastSeq : 0;
    const seqs = early.seqs(room.id);
    expect(seqs).toEqual(numbers(seqs[0] ?? 0, room.entries.length));
    expect(seqs[0]).toBeLessThanOrEqual(lastSeq + 1);
    expect(here.seqs(room.id)).toEqual(numbers(2, room.entries.length));
    expect([here.closedBy, early.closedBy]).toEqual([undefined, undefined]);
  });

  test('in a crowd is looked up with all who have come by then', async () => {
    const room = door.chat.create(boris);
    const joined = await Promise.all(
      numbers(1, 50).map(async () => {
        const userId = uuid();
        return { userId, device: await door.connected(userId) };
      }),
    );
    door.chat.calls = [];
    const from = room.entries.length;
    for (const { userId } of joined) door.chat.join(room, userId);
    for (const [i, { device }] of joined.entries()) {
      await eventually(() => device.seqs(room.id).length === joined.length - i);
      expect(device.seqs(room.id)).toEqual(numbers(from + i + 1, room.entries.length));
    }
    expect(door.chat.calls.filter(({ method }) => method === 'describeRoom').length).toBeLessThanOrEqual(2);
  });

  test('is told of a room that they make themselves', async () => {
    const device = await door.connected(olga);
    const room = door.chat.create(olga, boris);
    await eventually(() => device.seqs(room.id).length === 2);
    expect(events(device)).toEqual(['room:added', ['event', 1], ['event', 2]]);
  });

  test('hears nothing after the entry that removed them, whatever got lost before it', async () => {
    const room = door.chat.create(boris, olga);
    const [removed, stays] = await Promise.all([door.connected(olga), door.connected(boris)]);
    door.chat.faults.loss = 1;
    door.chat.say(room, boris);
    door.chat.remove(room, olga);
    door.chat.faults.loss = 0;
    door.chat.say(room, boris, 'now that she is gone');
    await eventually(() => stays.seqs(room.id).length === 3);
    await eventually(() => removed.heard.at(-1)?.event === 'room:removed');
    expect(events(removed)).toEqual([['event', 3], ['event', 4], 'room:removed']);
    expect(JSON.stringify(removed.heard)).not.toContain('now that she is gone');
  });

  test('finds out about a removal and a deletion that nobody could tell', async () => {
    const [left, deleted, joined] = [
      door.chat.create(boris, olga),
      door.chat.create(boris, olga),
      door.chat.create(boris),
    ];
    const device = await door.connected(olga);
    door.chat.faults.loss = 1;
    door.chat.remove(left, olga);
    door.chat.delete(deleted);
    door.chat.join(joined, olga);
    door.chat.faults.loss = 0;
    door.chat.resync();
    await eventually(() => device.heard.length === 5);
    expect(events(device)).toEqual(
      expect.arrayContaining([['event', 3], 'room:removed', 'room:removed', 'room:added']),
    );
    expect(events(device).indexOf('room:removed')).toBeGreaterThan(-1);
  });

  test('is told when a room is deleted', async () => {
    const room = door.chat.create(olga);
    const device = await door.connected(olga);
    door.chat.delete(room);
    await eventually(() => device.heard.at(-1)?.event === 'room:removed');
    expect(device.heard.at(-1)?.data).toEqual({ roomId: room.id });
  });
});

describe('a session that ends', () => {
  test('closes its sockets within a second, and says why', async () => {
    const [ended, other] = await Promise.all([door.connected(olga), door.connected(olga)]);
    const began = performance.now();
    door.sessions.end(ended.token, 'password_changed');
    await eventually(() => ended.closedBy);
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(ended.heard.at(-1)).toEqual({ event: 'session:ended', data: { reason: 'password_changed' } });
    expect(ended.closedBy).toBe('io server disconnect');
    expect(other.socket.connected).toBe(true);
    other.socket.disconnect();
    await eventually(() => door.sessions.holders === 0);
  });

  test('with its token expired says so, unless a fresh one came', async () => {
    const sessionId = uuid();
    const token = door.sessions.token(olga, { sessionId, expiresAt: Date.now() + 700 });
    const [stale, renewed] = [door.device(token), door.device(token)];
    await Promise.all([stale.ready(), renewed.ready()]);
    const expiresAt = Date.now() + 60_000;
    const fresh = door.sessions.token(olga, { sessionId, expiresAt });
    expect(await renewed.call('token', { token: fresh })).toEqual({
      ok: true,
      expiresAt: new Date(expiresAt).toISOString(),
    });
    await eventually(() => stale.closedBy);
    expect(stale.heard.at(-1)).toEqual({ event: 'session:ended', data: { reason: 'token_expired' } });
    expect(renewed.socket.connected).toBe(true);
    expect(await renewed.call('sync', { rooms: {} })).toEqual({ ok: true, rooms: {} });
  });

  test('is not prolonged by a token of another session or another user', async () => {
    const device = await door.connected(olga);
    for (const token of [door.sessions.token(olga), door.sessions.token(boris)]) {
      expect(await device.call('token', { token })).toMatchObject({ error: { code: 'invalid_token' } });
    }
  });
});

describe('a call', () => {
  test('to send answers with the entry that everybody hears', async () => {
    const room = door.chat.create(olga, boris);
    const [sender, other] = await Promise.all([door.connected(olga), door.connected(boris)]);
    const answer = await sender.call('message:send', { roomId: room.id, text: 'hello', clientId: 'c1' });
    expect(answer).toMatchObject({
      ok: true,
      event: { seq: 3, actorId: olga, text: 'hello', clientId: 'c1' },
    });
    for (const device of [sender, other]) {
      await eventually(() => device.seqs(room.id).length === 1);
      expect(device.heard.at(-1)?.data).toEqual(answer.event);
    }
  });

  test("carries the caller's present token, a request id and a deadline to chat", async () => {
    const room = door.chat.create(olga);
    const device = await door.connected(olga);
    await device.call('message:send', { roomId: room.id, text: 'hello', clientId: 'c1' });
    const { context } = door.chat.calls.at(-1) ?? {};
    expect(context).toEqual({
      token: device.token,
      requestId: expect.any(String),
      deadline: expect.any(Number),
    });
  });

  test('to enter a room brings the room and its newest entries, or what follows a number', async () => {
    const room = door.chat.create(olga);
    for (let i = 0; i < 99; i++) door.chat.say(room, olga);
    const device = await door.connected(olga);
    const seqs = (answer: Answer): number[] => (answer.events as { seq: number }[]).map((e) => e.seq);
    const newest = await device.call('room:enter', { roomId: room.id });
    expect(newest).toMatchObject({ ok: true, room: { id: room.id }, lastSeq: 100, complete: true });
    expect(seqs(newest)).toEqual(numbers(51, 100));
    expect(seqs(await device.call('room:enter', { roomId: room.id, after: 97 }))).toEqual([98, 99, 100]);
    expect(await device.call('room:exit', { roomId: room.id })).toEqual({ ok: true });
  });

  test('to sync answers for each room by itself', async () => {
    const [mine, theirs] = [door.chat.create(olga), door.chat.create(boris)];
    for (let i = 0; i < 9; i++) door.chat.say(mine, olga);
    const device = await door.connected(olga);
    const { rooms } = await device.call('sync', { rooms: { [mine.id]: 8, [theirs.id]: 0, [uuid()]: 0 } });
    expect(Object.values(rooms as object)).toEqual([
      {
        events: [expect.objectContaining({ seq: 9 }), expect.objectContaining({ seq: 10 })],
        lastSeq: 10,
        complete: true,
      },
      { error: { code: 'not_a_member', title: expect.any(String) } },
      { error: { code: 'room_not_found', title: expect.any(String) } },
    ]);
    const beyond = await device.call('sync', { rooms: { [mine.id]: 11 } });
    expect(beyond.rooms).toEqual({ [mine.id]: { events: [], lastSeq: 10, complete: false } });
  });

  test('to sync many long logs comes to an end in bounded answers', async () => {
    const rooms = numbers(1, 20).map(() => door.chat.create(olga));
    for (const room of rooms) for (let i = 0; i < 20; i++) door.chat.say(room, olga, 'ж'.repeat(4000));
    const device = await door.connected(olga);
    const held = new Map(rooms.map((room) => [room.id, 0]));
    let answers = 0;
    while (held.size > 0) {
      const answer = await device.call('sync', { rooms: Object.fromEntries(held) });
      expect(JSON.stringify(answer).length).toBeLessThan(300_000);
      expect(++answers).toBeLessThan(100);
      const pages = answer.rooms as Record<string, { events: { seq: number }[]; complete: boolean }>;
      for (const [roomId, { events, complete }] of Object.entries(pages)) {
        for (const { seq } of events) {
          expect(seq).toBe((held.get(roomId) ?? 0) + 1);
          held.set(roomId, seq);
        }
        if (!complete) continue;
        expect(held.get(roomId)).toBe(21);
        held.delete(roomId);
      }
    }
  });

  const roomId = uuid();
  test.each<[string, string, unknown[], string, ...string[]]>([
    [
      'an unknown field',
      'message:send',
      [{ roomId, text: 'a', clientId: 'c', admin: true }],
      'invalid_input',
      'admin',
    ],
    ['a wrong type', 'message:send', [{ roomId, text: 1, clientId: 'c' }], 'invalid_input', 'text'],
    [
      'too long a text',
      'message:send',
      [{ roomId, text: 'a'.repeat(4001), clientId: 'c' }],
      'invalid_input',
      'text',
    ],
    ['a missing field', 'message:send', [{ roomId, text: 'a' }], 'invalid_input', 'clientId'],
    [
      'half a character',
      'message:send',
      [{ roomId, text: '\ud800', clientId: 'c' }],
      'invalid_input',
      'text',
    ],
    ['a room id that is none', 'room:enter', [{ roomId: '1' }], 'invalid_input', 'roomId'],
    ['no payload', 'message:send', [], 'invalid_input'],
    ['null', 'message:send', [null], 'invalid_input'],
    ['a list', 'message:send', [[1, 2]], 'invalid_input'],
    ['a text', 'sync', ['rooms'], 'invalid_input'],
    ['bytes', 'sync', [Buffer.alloc(1000)], 'invalid_input'],
    ['two payloads', 'room:exit', [{ roomId }, { roomId }], 'invalid_input'],
    ['a negative number', 'sync', [{ rooms: { [roomId]: -1 } }], 'invalid_input', 'rooms'],
    ['a number that is text', 'sync', [{ rooms: { [roomId]: '1' } }], 'invalid_input', 'rooms'],
    ['a list of rooms', 'sync', [{ rooms: [1] }], 'invalid_input', 'rooms'],
    [
      'too many rooms',
      'sync',
      [{ rooms: Object.fromEntries(numbers(1, 201).map(() => [uuid(), 0])) }],
      'invalid_input',
      'rooms',
    ],
    ['a name that is none of ours', 'message:destroy', [{}], 'not_found'],
    ['a name from the prototype of objects', 'constructor', [{}], 'not_found'],
    [
      "a room that is not the caller's",
      'message:send',
      [{ roomId, text: 'a', clientId: 'c' }],
      'room_not_found',
    ],
  ])('with %s is answered with its error', async (...[, event, payload, code, field]) => {
    const device = await door.connected(olga);
    const answer = await device.call(event, ...payload);
    expect(answer).toMatchObject({ ok: false, error: { code, title: expect.any(String) } });
    if (field) expect(answer.error.errors).toEqual([{ field, message: expect.any(String) }]);
    expect(await device.call('sync', { rooms: {} })).toMatchObject({ ok: true });
  });

  test('without an acknowledgement does its work, or nothing', async () => {
    const room = door.chat.create(olga);
    const device = await door.connected(olga);
    for (const payload of [undefined, null, 'x', { roomId: 'x' }])
      device.socket.emit('message:send', payload);
    device.socket.emit('nonsense');
    device.socket.emit('message:send', { roomId: room.id, text: 'hello', clientId: 'c' });
    await eventually(() => device.seqs(room.id).length === 1);
  });

  test('that fails of a mistake of ours says so, with an id to look for', async () => {
    const device = await door.connected(olga);
    const room = door.chat.create(olga);
    // an entry without its time cannot be shown
    room.entries.push({ ...door.chat.say(room, olga), seq: 3, at: undefined });
    const answer = await device.call('sync', { rooms: { [room.id]: 2 } });
    expect(answer).toEqual({
      ok: false,
      error: { code: 'internal', title: expect.any(String), requestId: expect.any(String) },
    });
  });

  test('is made in the rights that the caller has now', async () => {
    const device = await door.connected(olga);
    door.sessions.failure = new AppError('session_ended');
    expect(await device.call('sync', { rooms: {} })).toMatchObject({ error: { code: 'session_ended' } });
  });

  test('with a frame beyond the bound costs the connection, and nobody else theirs', async () => {
    const [huge, other] = await Promise.all([door.connected(olga), door.connected(olga)]);
    huge.socket.emit('message:send', { text: 'a'.repeat(70_000) });
    await eventually(() => huge.closedBy);
    expect(await other.call('sync', { rooms: {} })).toMatchObject({ ok: true });
  });
});

test('a user who calls too often is refused, on all devices, and others are not', async () => {
  await door.close();
  door = await SocketDoor.open({ RATE_LIMIT: 5 });
  const devices = [await door.connected(olga), await door.connected(olga)];
  const other = await door.connected(boris);
  const calls = devices.flatMap((device) => numbers(1, 6).map(() => device.call('sync', { rooms: {} })));
  const answers = await Promise.all(calls);
  // a new window may begin between two of them
  const refused = answers.filter((a) => !a.ok);
  expect(refused.length).toBeGreaterThanOrEqual(2);
  for (const { error } of refused) expect(error).toMatchObject({ code: 'rate_limited' });
  expect(await other.call('sync', { rooms: {} })).toMatchObject({ ok: true });
});

test('each room of a sync is spent like a call, and whoever comes back with two hundred rooms is not refused', async () => {
  const rooms = (count: number) => Object.fromEntries(numbers(1, count).map(() => [uuid(), 0]));
  const device = await door.connected(olga);
  const whole = await Promise.all(numbers(1, 10).map(() => device.call('sync', { rooms: rooms(20) })));
  expect(whole.filter((a) => !a.ok)).toEqual([]);

  await door.close();
  door = await SocketDoor.open({ RATE_LIMIT: 30 });
  const hasty = await door.connected(olga);
  const answers = await Promise.all(numbers(1, 9).map(() => hasty.call('sync', { rooms: rooms(20) })));
  // two in each window, and a new one may begin between them
  const refused = answers.filter((a) => !a.ok);
  expect(refused.length).toBeGreaterThanOrEqual(5);
  for (const { error } of refused) expect(error).toMatchObject({ code: 'rate_limited' });
  expect(door.chat.calls.filter((c) => c.method === 'listEvents').length).toBeLessThanOrEqual(80);
});

test('who does not read what they are sent is closed with a reason, and nobody waits for them', async () => {
  const room = door.chat.create(olga, boris);
  const [slow, other] = await Promise.all([door.connected(olga), door.connected(boris)]);
  const { ws } = (slow.socket.io.engine as unknown as { transport: { ws: { _socket: NodeJS.Socket } } })
    .transport;
  const tcp = ws._socket as unknown as { pause(): void; resume(): void };
  tcp.pause();
  const memory = process.memoryUsage().external;
  const text = 'x'.repeat(4000);
  let sent = 2;
  await eventually(() => {
    for (let i = 0; i < 200; i++, sent++) door.chat.say(room, boris, text);
    return door.sessions.holders === 1;
  });
  await eventually(() => other.seqs(room.id).length === sent - 2);
  expect(other.seqs(room.id)).toEqual(numbers(3, sent));
  expect(process.memoryUsage().external - memory).toBeLessThan(64 * 1024 * 1024);
  tcp.resume();
  await eventually(() => slow.closedBy);
  expect(slow.closedBy).toBe('transport close');
  // what it had heard until then is the beginning of what it was owed
  const heard = slow.seqs(room.id);
  expect(heard).toEqual(numbers(3, 2 + heard.length));
});

test('a flood is answered at once when too many calls wait, and what waits is answered as well', async () => {
  await door.close();
  door = await SocketDoor.open({ RATE_LIMIT: 1_000_000 });
  const room = door.chat.create(olga, boris);
  const [flood, other] = await Promise.all([door.connected(olga), door.connected(boris)]);
  const release = door.chat.hold('sendMessage');
  const send = (device: Device, n: number): Promise<Answer> =>
    device.call('message:send', { roomId: room.id, text: `${n}`, clientId: `${n}` });
  const waiting = numbers(1, 10_000).map((n) => send(flood, n));
  await eventually(() => door.chat.calls.length >= 10_000);
  expect(await send(other, 0)).toMatchObject({ ok: false, error: { code: 'overloaded' } });
  release();
  expect((await Promise.all(waiting)).filter((a) => !a.ok)).toEqual([]);
  expect(await send(other, 0)).toMatchObject({ ok: true });
});

test('a process that stops answers the calls that have begun, and its clients connect again by themselves', async () => {
  const room = door.chat.create(olga);
  const device = await door.connected(olga, { reconnection: true, reconnectionDelay: 20 });
  door.chat.faults.delay = 300;
  const sending = device.call('message:send', { roomId: room.id, text: 'last words', clientId: 'c' });
  await eventually(() => door.chat.calls.some((c) => c.method === 'sendMessage'));
  const reconnecting = new Promise((resolve) => device.socket.io.once('reconnect_attempt', resolve));
  const began = performance.now();
  await door.app.close();
  expect(performance.now() - began).toBeLessThan(5_000);
  expect(await sending).toMatchObject({ ok: true });
  await reconnecting;
  expect(device.closedBy).toBe('transport close');
});
