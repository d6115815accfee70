import { MESSAGES } from '@veche/contracts';
import { eventually } from '@veche/testing';
import { randomUUID } from 'node:crypto';
import { Follower } from '../harness/follower';
import { Grpc, jsonOf } from '../harness/grpc';
import { Person, register } from '../harness/people';
import { Rest } from '../harness/rest';
import { Socket } from '../harness/socket';
import { sharedDoors } from '../harness/veche';
import { inTurns } from '../harness/waiting';
import type { Entry, Events, Messages, Room, Synced } from '../harness/wire';

const doors = sharedDoors();
let olga: Person, boris: Person, room: Room;
const channels: Grpc<typeof MESSAGES.definition>[] = [];
const grpc = (token: string, replica = 0) => {
  const channel = new Grpc(MESSAGES.definition, doors.chat[replica % doors.chat.length]!, token);
  channels.push(channel);
  return channel;
};

beforeAll(async () => {
  [olga, boris] = (await register(doors, 'olga', 'boris')) as [Person, Person];
});
beforeEach(async () => {
  room = await olga.createRoom('private', [boris]);
});
afterEach(() => {
  olga.leave();
  boris.leave();
  channels.splice(0).forEach((c) => c.close());
});

/** How a message is sent at each door; each answers with the entry as JSON has it. */
const DOORS: Record<string, (by: Person, text: string, clientId: string) => Promise<Entry>> = {
  REST: (by, text, clientId) => by.send(room.id, text, clientId),
  socket: async (by, text, clientId) => (await by.socket()).send(room.id, text, clientId),
  gRPC: async (by, text, clientId) => {
    const { entry } = await grpc(by.token).call('sendMessage', {
      roomId: room.id,
      text,
      clientId,
      attachmentIds: [],
    });
    return jsonOf(entry);
  },
};

describe('a message', () => {
  test.each(Object.keys(DOORS))('sent by %s is the same entry to everybody, at every door', async (door) => {
    const sockets = [
      ...(await Promise.all(doors.gateways.map((g) => boris.socket(g)))),
      ...(await Promise.all(doors.gateways.map((g) => olga.socket(g, { transports: ['polling'] })))),
    ];
    const streams = doors.chat.map((_, i) =>
      grpc(boris.token, i).stream('connect', { roomId: room.id, after: 2 }),
    );
    const text = `Привет 👋🏽 "${randomUUID()}"\n<b>`;
    const clientId = randomUUID();
    const entry = await DOORS[door]!(olga, text, clientId);

    expect(entry).toEqual({
      roomId: room.id,
      seq: 3,
      type: 'message.created',
      actorId: olga.id,
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      id: expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-7/),
      text,
      clientId,
      mentions: [],
      reactions: [],
    });
    for (const socket of sockets) expect(await socket.hearsMessage(text)).toEqual(entry);
    for (const stream of streams)
      expect(jsonOf((await stream.hears((s) => s.entry?.seq === 3)).entry)).toEqual(entry);
    for (const gateway of doors.gateways) {
      const rest = new Rest(gateway, boris.token);
      expect((await rest.get<Messages>(`/rooms/${room.id}/messages`)).items).toEqual([entry]);
      expect((await rest.get<Events>(`/rooms/${room.id}/events?after=2`)).items).toEqual([entry]);
    }
    const { entries } = await grpc(boris.token).call('listMessages', { roomId: room.id });
    expect(entries.map(jsonOf)).toEqual([entry]);
    const synced = await sockets[0]?.call<Synced>('sync', { rooms: { [room.id]: 2 } });
    expect(synced?.rooms[room.id]).toEqual({ events: [entry], lastSeq: 3, complete: true });
  });

  test('sent again with its client id, at whichever door, is the first one', async () => {
    const clientId = randomUUID();
    const body = { text: 'once', clientId };
    const path = `/rooms/${room.id}/messages`;
    const first = await olga.rest.request<Entry>('POST', path, { body });
    expect(first.status).toBe(201);
    const again = await olga.rest.request<Entry>('POST', path, {
      body: { ...body, text: 'and now different' },
    });
    expect(again).toMatchObject({ status: 200, body: first.body });
    for (const send of Object.values(DOORS))
      expect(await send(olga, 'once more', clientId)).toEqual(first.body);
    const raw = await grpc(olga.token).call('sendMessage', { roomId: room.id, ...body, attachmentIds: [] });
    expect(raw.repeated).toBe(true);
    // another author may have chosen the same
    expect((await boris.send(room.id, 'mine', clientId)).seq).toBe(4);
    expect(await boris.log(room.id)).toHaveLength(4);
  });

  test('sent ten times at the same moment, through every gateway, is one message', async () => {
    const clientId = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        new Rest(doors.gateways[i % doors.gateways.length]!, olga.token).request<Entry>(
          'POST',
          `/rooms/${room.id}/messages`,
          { body: { text: `try ${i}`, clientId } },
        ),
      ),
    );
    expect(answers.map((a) => a.status).sort()).toEqual([...Array.from({ length: 9 }, () => 200), 201]);
    for (const { body } of answers) expect(body).toEqual(answers[0]?.body);
    expect(await boris.log(room.id)).toHaveLength(3);
  });

  test('whose client id was used in another room is another message', async () => {
    const other = await olga.createRoom('private');
    const clientId = randomUUID();
    await olga.send(other.id, 'there', clientId);
    expect(await olga.send(room.id, 'here', clientId)).toMatchObject({ roomId: room.id, text: 'here' });
    expect(await olga.log(room.id)).toHaveLength(3);
  });

  test('may answer another one of its room, and nothing else', async () => {
    const { seq } = await boris.send(room.id, 'question');
    const socket = await olga.socket();
    const answer = await socket.send(room.id, 'answer', randomUUID(), seq);
    expect(answer).toMatchObject({ replyTo: seq });
    expect((await boris.log(room.id)).at(-1)).toEqual(answer);
    for (const replyTo of [1, answer.seq + 1])
      await expect(socket.send(room.id, 'to what?', randomUUID(), replyTo)).rejects.toMatchObject({
        code: 'message_not_found',
      });
  });

  test('is heard by every device of everybody in the room, and by nobody else', async () => {
    const [vera] = (await register(doors, 'vera')) as [Person];
    const outside = await vera.socket();
    const phone = await boris.anotherDevice();
    const sockets = [await boris.socket(), await phone.socket(), await boris.socket(), await olga.socket()];
    const entry = await olga.send(room.id, `for us ${randomUUID()}`);
    for (const socket of sockets) expect(await socket.hearsMessage(entry.text ?? '')).toEqual(entry);
    // what comes after it has arrived, so what was before it would have
    const own = await vera.createRoom('private');
    await vera.send(own.id, 'to myself');
    await outside.hearsMessage('to myself');
    expect(outside.entries(room.id)).toEqual([]);
    vera.leave();
  });
});

test('a thousand messages, both ways, are one conversation, also for who was away for half of it', async () => {
  const [first, second] = await Promise.all([olga.socket(), boris.socket()]);
  const away = new Socket(doors.gateways[0]!, boris.token);
  const follower = new Follower(away, (id) => id === room.id);
  await away.connect();
  const talk = (from: number): Promise<Entry[]> =>
    inTurns(Array.from({ length: 500 }), 10, (_, i) =>
      (i % 2 ? first : second).send(room.id, `${from + i}`, randomUUID()),
    );
  await talk(0);
  away.close();
  await talk(500);
  await away.connect();

  const log = await olga.log(room.id);
  expect(log).toHaveLength(1002);
  await follower.reaches(room.id, 1002);
  expect(follower.log(room.id)).toEqual(log);
  for (const socket of [first, second]) {
    await socket.hears<Entry>('event', (e) => e.roomId === room.id && e.seq === 1002);
    expect(socket.entries(room.id)).toEqual(log.slice(2));
  }
  expect(follower.faults).toEqual([]);
  away.close();
});

describe('history', () => {
  test('is read from the newest to the oldest, page by page, each message once', async () => {
    const sent = await inTurns(Array.from({ length: 25 }), 5, (_, i) => olga.send(room.id, `${i}`));
    sent.sort((a, b) => b.seq - a.seq);
    const read: Entry[] = [];
    let before: number | undefined;
    do {
      const page: Messages = await boris.rest.get(
        `/rooms/${room.id}/messages?limit=10${before ? `&before=${before}` : ''}`,
      );
      read.push(...page.items);
      before = page.nextBefore;
    } while (before);
    expect(read).toEqual(sent);
  });

  test('gives 50 unless told, and never more than 100', async () => {
    await inTurns(Array.from({ length: 101 }), 20, (_, i) => olga.send(room.id, `${i}`));
    const length = async (query: string) =>
      (await boris.rest.get<Messages>(`/rooms/${room.id}/messages${query}`)).items.length;
    expect(await length('')).toBe(50);
    expect(await length('?limit=100')).toBe(100);
    for (const limit of ['101', '0', '-1', 'ten', '1e1', ''])
      await expect(length(`?limit=${limit}`)).rejects.toMatchObject({ status: 400, code: 'invalid_input' });
  });
});

describe('catching up', () => {
  test('tells all that happened after a number, complete or not', async () => {
    await inTurns(Array.from({ length: 10 }), 5, (_, i) => olga.send(room.id, `${i}`));
    const log = await boris.log(room.id);
    expect(log.map((e) => e.seq)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
    expect(await boris.log(room.id, 5)).toEqual(log);
    const events = (query: string) => boris.rest.get<Events>(`/rooms/${room.id}/events?${query}`);
    expect(await events('after=4&limit=3')).toEqual({ items: log.slice(4, 7), lastSeq: 12, complete: false });
    expect(await events('after=9')).toEqual({ items: log.slice(9), lastSeq: 12, complete: true });
    expect(await events('after=12')).toEqual({ items: [], lastSeq: 12, complete: true });
    // a number that this log has not reached: what the caller holds is not of it
    expect(await events('after=13')).toEqual({ items: [], lastSeq: 12, complete: false });
  });

  test('after a pause leaves no gap between what was synced and what arrives', async () => {
    const socket = new Socket(doors.gateways[0]!, boris.token);
    const follower = new Follower(socket, (id) => id === room.id);
    const sender = await olga.socket();
    const sending = { on: true, sent: 0 };
    const flood = (async () => {
      while (sending.on) {
        await sender.send(room.id, `${sending.sent}`, randomUUID());
        sending.sent++;
      }
    })();
    for (let pause = 0; pause < 4; pause++) {
      await socket.connect();
      await follower.reaches(room.id, sending.sent + 2);
      socket.close();
      const before = sending.sent;
      await eventually(() => sending.sent > before + 5);
    }
    await socket.connect();
    sending.on = false;
    await flood;
    const log = await olga.log(room.id);
    await follower.reaches(room.id, log.length);
    expect(follower.log(room.id)).toEqual(log);
    expect(follower.faults).toEqual([]);
    socket.close();
  });

  test('goes on from ready: what follows its numbers arrives, contiguous', async () => {
    const stop = { now: false };
    const flood = (async () => {
      for (let i = 0; !stop.now; i++) await olga.send(room.id, `${i}`);
    })();
    const sockets: Socket[] = [];
    for (let i = 0; i < 6; i++) sockets.push(await boris.socket());
    stop.now = true;
    await flood;
    const { length } = await olga.log(room.id);
    for (const socket of sockets) {
      const from = socket.ready.rooms.find((r) => r.id === room.id)?.lastSeq ?? NaN;
      if (from < length) await socket.hears<Entry>('event', (e) => e.roomId === room.id && e.seq === length);
      expect(socket.entries(room.id).map((e) => e.seq)).toEqual(
        Array.from({ length: length - from }, (_, n) => from + n + 1),
      );
    }
  });

  test('by one sync covers many rooms, and says which are not mine', async () => {
    const other = await olga.createRoom('private', [boris]);
    const foreign = await olga.createRoom('private');
    await olga.send(other.id, 'there');
    const socket = await boris.socket();
    const { rooms } = await socket.call<Synced>('sync', {
      rooms: { [room.id]: 1, [other.id]: 0, [foreign.id]: 0 },
    });
    expect(rooms[room.id]).toMatchObject({ lastSeq: 2, complete: true });
    expect(rooms[other.id]).toEqual({ events: await olga.log(other.id), lastSeq: 3, complete: true });
    expect(rooms[foreign.id]).toEqual({ error: expect.objectContaining({ code: 'room_not_found' }) });
  });

  test('is part of entering a room', async () => {
    const entry = await olga.send(room.id, 'before');
    const socket = await boris.socket();
    const entered = await socket.call<{ room: Room } & Events & { events: Entry[] }>('room:enter', {
      roomId: room.id,
      after: 2,
    });
    expect(entered).toMatchObject({ room: { id: room.id }, events: [entry], lastSeq: 3, complete: true });
    await socket.call('room:exit', { roomId: room.id });
    await olga.send(room.id, 'still heard');
    await socket.hearsMessage('still heard');
    const foreign = await olga.createRoom('private');
    await expect(socket.call('room:enter', { roomId: foreign.id })).rejects.toMatchObject({
      code: 'room_not_found',
    });
  });

  test('by Connect gives each entry once, in order, old and new', async () => {
    await olga.send(room.id, 'old');
    const streams = doors.chat.map((_, i) =>
      grpc(boris.token, i).stream('connect', { roomId: room.id, after: 1 }),
    );
    await Promise.all(streams.map((s) => s.hears((r) => r.entry?.seq === 3)));
    await inTurns(Array.from({ length: 20 }), 5, (_, i) => olga.send(room.id, `new ${i}`));
    const log = await boris.log(room.id);
    for (const stream of streams) {
      await stream.hears((r) => r.entry?.seq === log.length);
      expect(stream.heard.map((r) => jsonOf(r.entry))).toEqual(log.slice(1));
    }
    const stranger = (await register(doors, 'stranger'))[0]!;
    const refused = grpc(stranger.token).stream('connect', { roomId: room.id, after: 0 });
    expect((await refused.fails()).code).toBe('room_not_found');
    expect(refused.heard).toEqual([]);
  });
});

describe('who is removed', () => {
  test('hears the entry that removes them and nothing after it, at any door', async () => {
    const sockets = await Promise.all([...doors.gateways, ...doors.gateways].map((g) => boris.socket(g)));
    const staying = await olga.socket();
    const streams = doors.chat.map((_, i) =>
      grpc(boris.token, i).stream('connect', { roomId: room.id, after: 0 }),
    );
    await Promise.all(streams.map((s) => s.hears((r) => r.entry?.seq === 2)));
    const flood = inTurns(Array.from({ length: 60 }), 6, async (_, i) => {
      if (i === 20) await olga.rest.delete(`/rooms/${room.id}/members/${boris.id}`);
      return olga.send(room.id, `${i}`);
    });
    await flood;
    const log = await olga.log(room.id);
    const removal = log.find((e) => e.type === 'member.removed')!;
    await staying.hears<Entry>('event', (e) => e.roomId === room.id && e.seq === log.length);
    for (const socket of sockets) {
      await socket.hears<{ roomId: string }>('room:removed', (r) => r.roomId === room.id);
      // and then something else arrives: nothing of the room can still be on its way
      const text = randomUUID();
      const own = await boris.createRoom('private');
      await boris.send(own.id, text);
      await socket.hearsMessage(text);
      expect(socket.entries(room.id)).toEqual(log.slice(2, removal.seq));
    }
    for (const stream of streams) {
      expect((await stream.fails()).code).toMatch(/^(not_a_member|room_not_found)$/);
      expect(stream.heard.map((r) => jsonOf(r.entry))).toEqual(log.slice(0, removal.seq));
    }
    await expect(boris.log(room.id)).rejects.toMatchObject({ code: 'room_not_found' });
    await expect(boris.send(room.id, 'let me')).rejects.toMatchObject({ code: 'room_not_found' });
    const { rooms } = await sockets[0]!.call<Synced>('sync', { rooms: { [room.id]: 0 } });
    expect(rooms[room.id]).toEqual({ error: expect.objectContaining({ code: 'room_not_found' }) });
    expect(await olga.log(room.id)).toEqual(log);
  });

  test('and comes back can read what happened meanwhile', async () => {
    const socket = new Socket(doors.gateways[0]!, boris.token);
    const follower = new Follower(socket, (id) => id === room.id);
    await socket.connect();
    await boris.rest.post(`/rooms/${room.id}/leave`);
    await olga.send(room.id, 'meanwhile');
    await olga.rest.post(`/rooms/${room.id}/members`, { userId: boris.id });
    await boris.rest.post(`/users/me/invitations/${room.id}`);
    await olga.send(room.id, 'after');
    const log = await olga.log(room.id);
    await follower.reaches(room.id, log.length);
    expect(follower.log(room.id)).toEqual(log);
    expect(follower.faults).toEqual([]);
    socket.close();
  });
});
