import { connect } from '@veche/client';
import { eventually } from '@veche/testing';
import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import { Person, register } from '../harness/people';
import { shapeOfRun, Veche } from '../harness/veche';
import type { Entry } from '../harness/wire';

const WITHIN = { within: 15_000 };
let veche: Veche;
beforeAll(async () => {
  veche = await Veche.start(shapeOfRun(), { env: { LARGE_ROOM: '3' } });
});
afterAll(async () => {
  await veche.stop();
  await veche.destroy();
});

type Said = { event: string; data: Entry & { lastSeq?: number; lastMessage?: { seq: number } } };

test('of a large room those who look hear everything, and others what concerns them and how far it is', async () => {
  const [anna, boris, clara, dora] = (await register(veche.doors, 'anna', 'boris', 'clara', 'dora')) as [
    Person,
    Person,
    Person,
    Person,
  ];
  const room = await anna.createRoom('private', [boris, clara, dora]);
  const looker = await boris.socket();
  await looker.call('room:enter', { roomId: room.id });

  // at the other doors it is the same
  const plain: Said[] = [];
  const socket = new WebSocket(`${clara.rest.gateway.replace('http', 'ws')}/ws`, {
    headers: { authorization: `Bearer ${clara.token}` },
  });
  socket.on('message', (data: Buffer) => plain.push(JSON.parse(data.toString()) as Said));
  const streaming = new AbortController();
  let streamed = '';
  try {
    const answer = await fetch(`${dora.rest.gateway}/api/v1/events`, {
      headers: { authorization: `Bearer ${dora.token}` },
      signal: streaming.signal,
    });
    void (async () => {
      for await (const part of answer.body!) streamed += Buffer.from(part).toString();
    })().catch(() => undefined);
    await eventually(
      () => plain.some(({ event }) => event === 'ready') && streamed.includes('event: ready'),
      WITHIN,
    );

    const entries = [await anna.send(room.id, 'one'), await anna.send(room.id, `two @${clara.username}`)];
    const last = await anna.send(room.id, 'three');
    entries.push(last);
    const seqs = (heard: readonly { event: string; data: unknown }[]): number[] =>
      heard.flatMap(({ event, data }) =>
        event === 'event' && (data as Entry).roomId === room.id ? [(data as Entry).seq] : [],
      );
    await eventually(() => seqs(looker.heard).at(-1) === last.seq, WITHIN);
    expect(seqs(looker.heard)).toEqual(entries.map(({ seq }) => seq));
    const moved = ({ event, data }: Said): boolean => event === 'room:moved' && data.lastSeq === last.seq;
    await eventually(() => plain.some(moved), WITHIN);
    expect(plain.find(moved)?.data).toEqual({
      roomId: room.id,
      lastSeq: last.seq,
      lastMessage: { seq: last.seq, at: expect.any(String) },
    });
    expect(seqs(plain)).toEqual([entries[1]?.seq]);
    await eventually(
      () => streamed.includes(`event: room:moved\ndata: {"roomId":"${room.id}","lastSeq":${last.seq}`),
      WITHIN,
    );
    expect(streamed).not.toContain('event: event');
  } finally {
    socket.terminate();
    streaming.abort();
    boris.leave();
  }
});

test('a client shows that something is unread in a large room, is called in it, and has all of it when it is looked at', async () => {
  const [anna, boris, clara] = (await register(veche.doors, 'anna', 'boris', 'clara')) as [
    Person,
    Person,
    Person,
  ];
  const room = await anna.createRoom('private', [boris, clara]);
  const client = connect({ url: boris.rest.gateway, token: boris.token });
  const told: number[] = [];
  client.on('message', ({ seq }) => told.push(seq));
  try {
    await eventually(() => client.rooms.get().loaded, WITHIN);
    const his = client.room(room.id);
    const joined = his.overview.get()!.lastSeq;
    for (let i = 0; i < 5; i++) await anna.send(room.id, `said ${i}`);
    await eventually(() => (his.overview.get()?.unread ?? 0) > 0, WITHIN);
    expect(his.overview.get()).toMatchObject({ unread: 1, unreadMore: true });
    expect(told).toEqual([]);

    const call = await anna.send(room.id, `@${boris.username}, do you hear?`);
    await eventually(() => told.at(-1) === call.seq, WITHIN);
    expect(his.overview.get()).toMatchObject({ unread: 6, mentions: 1 });
    expect(his.overview.get()?.unreadMore).toBeUndefined();

    for (let i = 0; i < 5; i++) await anna.send(room.id, `more ${i}`);
    his.timeline.subscribe(() => undefined);
    const away = his.enter();
    await eventually(() => told.length === 11, WITHIN);
    const live = await anna.send(room.id, 'live');
    await eventually(() => told.at(-1) === live.seq, WITHIN);
    expect(told).toEqual(Array.from({ length: 12 }, (_, i) => joined + 1 + i));
    await eventually(() => his.timeline.get().entries.at(-1)?.seq === live.seq, WITHIN);
    his.markRead();
    away();
    expect(his.overview.get()).toMatchObject({ unread: 0, lastSeq: live.seq });
  } finally {
    client.close();
  }
});

test('who follows a thread of a large room has what is unread in it without looking', async () => {
  const [anna, boris, clara] = (await register(veche.doors, 'anna', 'boris', 'clara')) as [
    Person,
    Person,
    Person,
  ];
  const room = await anna.createRoom('private', [boris, clara]);
  const { seq: threadSeq } = await anna.send(room.id, 'What shall we eat?');
  const reply = (who: Person, text: string) =>
    who.rest.post<Entry>(`/rooms/${room.id}/messages`, { text, clientId: randomUUID(), threadSeq });
  await reply(boris, 'Soup');
  const client = connect({ url: boris.rest.gateway, token: boris.token });
  const socket = await clara.socket();
  try {
    client.threads.subscribe(() => undefined);
    await eventually(() => client.threads.get().items.length === 1, WITHIN);
    // neither hers who wrote what it hangs on, nor his
    const { seq } = await reply(clara, 'Not again');
    await eventually(() => client.threads.get().items[0]?.unread === 1, WITHIN);
    expect(client.threads.get().items[0]).toMatchObject({ root: { thread: { replies: 2, lastSeq: seq } } });
    await anna.send(room.id, 'something else');
    const moved = await socket.hears<{ lastSeq: number; threads?: number[]; lastMessage?: { seq: number } }>(
      'room:moved',
      ({ lastSeq }) => lastSeq > seq,
    );
    expect(moved.lastMessage?.seq).toBe(moved.lastSeq);
    const all = socket.heard.flatMap(({ event, data }) =>
      event === 'room:moved' ? ((data as typeof moved).threads ?? []) : [],
    );
    expect(all).toEqual([threadSeq]);
  } finally {
    client.close();
    clara.leave();
  }
});
