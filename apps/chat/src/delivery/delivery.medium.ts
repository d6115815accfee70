import type { Entry, Serving, SubscribeRequest, SubscribeResponse } from '@veche/contracts';
import { AppError } from '@veche/errors';
import { eventually, openTestDatabase, type TestDatabase } from '@veche/testing';
import fc from 'fast-check';
import { ReplaySubject } from 'rxjs';
import { v7 as uuid } from 'uuid';
import { BreakableBus } from '../../test/breakable-bus';
import { People } from '../../test/people';
import { by, type Replica, startReplica } from '../../test/replica';
import { addMember, createRoom } from '../../test/rooms';
import { CHAT_DATABASE } from '../chat.database';
import { shardOf } from '../log/bucket.rules';

const asService = { requestId: 'a-test' };
const NOTHING = { addRooms: [], removeRooms: [], addUsers: [], removeUsers: [] };

describe('delivery', () => {
  let opened: TestDatabase;
  let bus: BreakableBus;
  let replicas: [Replica, Replica];
  const people = new People();
  const anna = people.add('anna');
  const boris = people.add('boris');

  beforeAll(async () => {
    opened = await openTestDatabase(CHAT_DATABASE);
    bus = new BreakableBus();
    replicas = [
      await startReplica(opened.url, bus, { people }),
      await startReplica(opened.url, bus, { people }),
    ];
  });
  afterAll(async () => {
    await Promise.all(replicas.map((r) => r.close()));
    await opened.close();
  });

  /** A gateway's stream. */
  const follow = (replica: Replica) => {
    const heard: SubscribeResponse[] = [];
    let ended: unknown;
    const requests = new ReplaySubject<SubscribeRequest>();
    const subscription = replica.delivery
      .subscribe(requests, asService)
      .subscribe({ next: (d) => heard.push(d), error: (error: unknown) => (ended = error) });
    const entriesOf = (roomId: string): Entry[] =>
      heard
        .flatMap(({ body }) => (body?.$case === 'entries' ? body.value.entries : []))
        .filter((e) => e.roomId === roomId);
    const answers = (): Serving[] =>
      heard.flatMap(({ body }) => (body?.$case === 'serving' ? [body.value] : []));
    const serve = async (change: Partial<SubscribeRequest>): Promise<Serving> => {
      const before = answers().length;
      requests.next({ ...NOTHING, ...change });
      return eventually(() => answers()[before]);
    };
    const resyncs = (): number => heard.filter(({ body }) => body?.$case === 'resync').length;
    const stop = (): void => subscription.unsubscribe();
    return { heard, entriesOf, resyncs, serve, ended: () => ended, stop };
  };

  test('brings from every replica, once, what is committed in the rooms that are served', async () => {
    const roomId = await createRoom(replicas[0], 'private', [anna, boris]);
    const other = await createRoom(replicas[0], 'private', [anna, boris]);
    const streams = replicas.map(follow);
    for (const { serve } of streams)
      expect(await serve({ addRooms: [roomId] })).toEqual({ rooms: [{ roomId, lastSeq: 2 }], goneRooms: [] });
    const sent = [];
    for (const replica of replicas)
      for (const room of [other, roomId])
        sent.push(
          (await replica.messages.sendMessage({ roomId: room, text: 'x', clientId: uuid() }, by('anna')))
            .entry,
        );
    await replicas[0].members.markRead({ roomId, seq: 3 }, by('boris'));
    const mark = {
      body: { $case: 'readMark', value: { roomId, userId: boris, seq: 3, revision: 0, forEverybody: true } },
    };
    for (const { heard, entriesOf } of streams) {
      await eventually(() => heard.length >= 4);
      expect(entriesOf(roomId)).toEqual(sent.filter((entry) => entry?.roomId === roomId));
      expect(entriesOf(other)).toEqual([]);
      expect(heard).toContainEqual(mark);
    }
    streams.forEach((s) => s.stop());
  });

  test('brings how users who are served come into rooms that are not, and no more of those', async () => {
    const userId = uuid();
    const streams = replicas.map(follow);
    for (const { serve } of streams) await serve({ addUsers: [userId] });
    const created = await createRoom(replicas[0], 'private', [userId, anna]);
    const joined = await createRoom(replicas[1], 'private', [anna]);
    await addMember(replicas[1], joined, userId);
    await replicas[1].messages.sendMessage({ roomId: joined, text: 'x', clientId: uuid() }, by('anna'));
    for (const { entriesOf } of streams) {
      await eventually(() => entriesOf(joined).length > 0);
      expect([entriesOf(created).map((e) => e.seq), entriesOf(joined).map((e) => e.seq)]).toEqual([[1], [2]]);
    }
    for (const { serve } of streams) await serve({ removeUsers: [userId] });
    await createRoom(replicas[0], 'private', [userId]);
    for (const { heard, stop } of streams) {
      expect(heard.filter(({ body }) => body?.$case === 'entries')).toHaveLength(2);
      stop();
    }
  });

  test('tells of rooms as they are once nothing is missed, and which of them are gone', async () => {
    const roomId = await createRoom(replicas[0], 'private', [anna]);
    const gone = uuid();
    const stream = follow(replicas[1]);
    expect(await stream.serve({ addRooms: [roomId, gone] })).toEqual({
      rooms: [{ roomId, lastSeq: 1 }],
      goneRooms: [gone],
    });
    await stream.serve({ removeRooms: [roomId] });
    await replicas[0].messages.sendMessage({ roomId, text: 'x', clientId: uuid() }, by('anna'));
    expect(await stream.serve({ addRooms: [roomId] })).toEqual({
      rooms: [{ roomId, lastSeq: 2 }],
      goneRooms: [],
    });
    expect(stream.entriesOf(roomId)).toEqual([]);
    stream.stop();
  });

  test('with what it tells of a room and what it brings after it nothing is missing, whenever it is asked', async () => {
    const roomId = await createRoom(replicas[0], 'private', [anna]);
    const stream = follow(replicas[1]);
    let sending = true;
    const send = async (): Promise<void> => {
      while (sending)
        await replicas[0].messages.sendMessage({ roomId, text: 'x', clientId: uuid() }, by('anna'));
    };
    const sent = Promise.all([send(), send()]);
    try {
      for (let round = 0; round < 50; round++) {
        const before = stream.entriesOf(roomId).length;
        const { rooms } = await stream.serve({ addRooms: [roomId] });
        const end = rooms[0]?.lastSeq ?? 0;
        // those of before the answer are at or below its number
        await eventually(() => stream.entriesOf(roomId).length >= before + 2);
        const seqs = stream
          .entriesOf(roomId)
          .slice(before)
          .map((e) => e.seq);
        const top = Math.max(...seqs);
        for (let seq = end + 1; seq <= top; seq++) expect(seqs).toContain(seq);
        await stream.serve({ removeRooms: [roomId] });
      }
    } finally {
      sending = false;
      await sent;
      stream.stop();
    }
  });

  test('says resync when the bus may have lost something', async () => {
    const stream = follow(replicas[1]);
    await stream.serve({});
    bus.break();
    bus.mend();
    await eventually(() => stream.resyncs() === 1);
    stream.stop();
  });

  test('takes what it cannot read on the bus for something missed', async () => {
    const roomId = await createRoom(replicas[0], 'private', [anna]);
    const stream = follow(replicas[1]);
    await stream.serve({ addRooms: [roomId] });
    const value = Buffer.from('this is no protobuf');
    await bus.publish({ name: 'chat.entries', shard: shardOf(roomId) }, [{ key: uuid(), value }]);
    expect(stream.resyncs()).toBe(0);
    await bus.publish({ name: 'chat.entries', shard: shardOf(roomId) }, [{ key: roomId, value }]);
    expect(stream.resyncs()).toBeGreaterThan(0);
    stream.stop();
  });

  test('goes on whatever comes over the bus, and misses nothing after it', async () => {
    const roomId = await createRoom(replicas[0], 'private', [anna, boris]);
    const stream = follow(replicas[1]);
    await stream.serve({ addRooms: [roomId] });
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 80 }),
        fc.constantFrom('chat.entries', 'chat.signals', 'chat.arrivals'),
        async (value, name) => {
          const shard = name === 'chat.arrivals' ? undefined : shardOf(roomId);
          for (const key of [roomId, uuid(), ''])
            await bus.publish({ name, ...(shard !== undefined && { shard }) }, [{ key, value }]);
        },
      ),
    );
    const { entry } = await replicas[0].messages.sendMessage(
      { roomId, text: 'x', clientId: uuid() },
      by('anna'),
    );
    await eventually(() => stream.entriesOf(roomId).length > 0);
    expect(stream.entriesOf(roomId)).toEqual([entry]);
    stream.stop();
  });

  test('ends with unavailable when the replica stops, so that another is asked', async () => {
    const stopping = await startReplica(opened.url, bus, { people });
    const stream = follow(stopping);
    await stream.serve({}).finally(() => stopping.close());
    expect(stream.ended()).toEqual(new AppError('unavailable'));
  });

  test('knows the rooms of many people as committed', async () => {
    const [first, second] = [uuid(), uuid()];
    const roomId = await createRoom(replicas[0], 'private', [first, second]);
    const { memberships } = await replicas[1].delivery.listMemberships(
      { userIds: [first, second, uuid()] },
      asService,
    );
    expect(memberships).toHaveLength(2);
    for (const userId of [first, second])
      expect(memberships).toContainEqual({
        userId,
        roomId,
        lastSeq: 2,
        readSeq: 0,
        mentions: 0,
        memberCount: 2,
      });
  });

  test('tells of each user the rooms with the newest messages first', async () => {
    const [one, other] = [uuid(), uuid()];
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.push(await createRoom(replicas[0], 'private', [one, other, anna]));
    for (const i of [1, 3])
      await replicas[0].messages.sendMessage(
        { roomId: ids[i] ?? '', text: 'x', clientId: uuid() },
        by('anna'),
      );
    await addMember(replicas[0], ids[0] ?? '', uuid());
    const { memberships } = await replicas[1].delivery.listMemberships({ userIds: [one, other] }, asService);
    for (const userId of [one, other])
      expect(memberships.filter((m) => m.userId === userId).map((m) => m.roomId)).toEqual(
        [3, 1, 4, 2, 0].map((i) => ids[i]),
      );
  });

  test('reads a range of a log, oldest first, and tells where the log ends', async () => {
    const roomId = await createRoom(replicas[0], 'private', [uuid(), uuid(), uuid(), uuid()]);
    const { entries, lastSeq } = await replicas[1].delivery.listRoomEntries(
      { roomId, after: 1, limit: 2 },
      asService,
    );
    expect(entries.map((e) => e.seq)).toEqual([2, 3]);
    expect(lastSeq).toBe(4);
    await expect(
      replicas[1].delivery.listRoomEntries({ roomId: uuid(), after: 0, limit: 1 }, asService),
    ).rejects.toMatchObject({ code: 'room_not_found' });
  });
});
