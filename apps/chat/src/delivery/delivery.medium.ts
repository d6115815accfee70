import type { Entry, SubscribeResponse } from '@veche/contracts';
import { AppError } from '@veche/errors';
import { eventually, openTestDatabase, type TestDatabase } from '@veche/testing';
import fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import { v7 as uuid } from 'uuid';
import { BreakableBus } from '../../test/breakable-bus';
import { People } from '../../test/people';
import { by, type Replica, startReplica } from '../../test/replica';
import { addMember, createRoom } from '../../test/rooms';
import { CHAT_DATABASE } from '../chat.database';

const asService = { requestId: 'a-test' };

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

  const follow = (replica: Replica) => {
    const heard: SubscribeResponse[] = [];
    let ended: unknown;
    const subscription = replica.delivery
      .subscribe({}, asService)
      .subscribe({ next: (d) => heard.push(d), error: (error: unknown) => (ended = error) });
    const entriesOf = (roomId: string): Entry[] =>
      heard
        .flatMap(({ body }) => (body?.$case === 'entries' ? body.value.entries : []))
        .filter((e) => e.roomId === roomId);
    return { heard, entriesOf, ended: () => ended, stop: () => subscription.unsubscribe() };
  };

  test('begins with a resync, and then everything from every replica comes once', async () => {
    const roomId = await createRoom(replicas[0], 'private', [anna, boris]);
    const streams = replicas.map(follow);
    await eventually(() => streams.every((s) => s.heard.length === 1));
    for (const { heard } of streams) expect(heard).toEqual([{ body: { $case: 'resync', value: {} } }]);
    const sent = [];
    for (const replica of replicas)
      sent.push(
        (await replica.messages.sendMessage({ roomId, text: 'x', clientId: uuid() }, by('anna'))).entry,
      );
    await replicas[0].rooms.markRead({ roomId, seq: 3 }, by('boris'));
    const mark = {
      body: { $case: 'readMark', value: { roomId, userId: boris, seq: 3, forEverybody: true } },
    };
    for (const { heard, entriesOf } of streams) {
      await eventually(() => entriesOf(roomId).length >= 2 && heard.length >= 4);
      expect(entriesOf(roomId)).toEqual(sent);
      expect(heard).toContainEqual(mark);
    }
    streams.forEach((s) => s.stop());
  });

  test('says resync when the bus may have lost something', async () => {
    const stream = follow(replicas[1]);
    await eventually(() => stream.heard.length === 1);
    bus.break();
    bus.mend();
    await eventually(() => stream.heard.filter((d) => d.body?.$case === 'resync').length === 2);
    stream.stop();
  });

  test('takes what it cannot read on the bus for something missed', async () => {
    const stream = follow(replicas[1]);
    await eventually(() => stream.heard.length === 1);
    await bus.publish({ name: 'chat' }, [
      { key: '', value: Buffer.from('0123456789abcdef and no protobuf') },
    ]);
    await eventually(() => stream.heard.length >= 2);
    expect(stream.heard[1]?.body?.$case).toBe('resync');
    stream.stop();
  });

  test('goes on whatever comes over the bus, and misses nothing after it', async () => {
    const roomId = await createRoom(replicas[0], 'private', [anna, boris]);
    const stream = follow(replicas[1]);
    await eventually(() => stream.heard.length === 1);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 80 }), async (bytes) => {
        for (const value of [bytes, Buffer.concat([randomBytes(16), bytes])])
          await bus.publish({ name: 'chat' }, [{ key: '', value }]);
      }),
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
    await eventually(() => stream.heard.length === 1).finally(() => stopping.close());
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
      expect(memberships).toContainEqual({ userId, roomId, lastSeq: 2, readSeq: 0 });
  });

  test('tells of each user the rooms with the newest entries first', async () => {
    const [one, other] = [uuid(), uuid()];
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.push(await createRoom(replicas[0], 'private', [one, other]));
    await addMember(replicas[0], ids[1] ?? '', uuid());
    await addMember(replicas[0], ids[3] ?? '', uuid());
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
