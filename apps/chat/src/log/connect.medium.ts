import type { Entry } from '@veche/contracts';
import { eventually, openTestDatabase, type TestDatabase } from '@veche/testing';
import { v7 as uuid } from 'uuid';
import { LossyBus } from '../../test/lossy-bus';
import { People } from '../../test/people';
import { by, type Replica, startReplica } from '../../test/replica';
import { addMember, createRoom, deleteRoom, removeMember } from '../../test/rooms';
import { CHAT_DATABASE } from '../chat.database';

const numbers = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe('a room that is followed', () => {
  let opened: TestDatabase;
  let bus: LossyBus;
  let replicas: [Replica, Replica];
  const people = new People();
  const [anna, boris] = [people.add('anna'), people.add('boris')];

  beforeAll(async () => {
    opened = await openTestDatabase(CHAT_DATABASE);
    let turn = 0;
    // the golden ratio's fractions: spread evenly, and the same in every run
    bus = new LossyBus(() => (++turn * 0.618034) % 1);
    replicas = [
      await startReplica(opened.url, bus, { people }),
      await startReplica(opened.url, bus, { people }),
    ];
  });
  afterAll(async () => {
    await Promise.all(replicas.map((r) => r.close()));
    await opened.close();
  });

  const follow = (roomId: string, name: string, after?: number, replica = replicas[1]) => {
    const entries: Entry[] = [];
    let end: { code?: string } | undefined;
    const subscription = replica.messages.connect({ roomId, after }, by(name)).subscribe({
      next: ({ entry }) => entry && entries.push(entry),
      error: (error: { code: string }) => (end = error),
    });
    const seqs = () => entries.map((e) => e.seq);
    return { entries, seqs, code: () => end?.code, stop: () => subscription.unsubscribe() };
  };
  const send = async (roomId: string, name: string, replica = replicas[0]) => {
    const { entry } = await replica.messages.sendMessage({ roomId, text: 'x', clientId: uuid() }, by(name));
    return entry?.seq ?? 0;
  };

  test('gives each entry once, in order, whatever the bus loses, repeats and reorders', async () => {
    const roomId = await createRoom(replicas[0], 'private', [anna, boris]);
    const followers = [follow(roomId, 'anna', 0), follow(roomId, 'boris', 1, replicas[0])];
    await Promise.all(numbers(1, 150).map((i) => send(roomId, 'anna', replicas[i % 2 ? 0 : 1])));
    bus.mend();
    await eventually(() => followers.every((f) => f.seqs().at(-1) === 152));
    expect(followers.map((f) => f.seqs())).toEqual([numbers(1, 152), numbers(2, 152)]);
    followers.forEach((f) => f.stop());
  });

  test('begins now where nobody says from when', async () => {
    const roomId = await createRoom(replicas[0], 'private', [anna, boris]);
    const follower = follow(roomId, 'boris', undefined, replicas[0]);
    const seqs = await eventually(async () => {
      await send(roomId, 'anna');
      return follower.seqs().length >= 2 && follower.seqs();
    });
    expect(seqs[0]).toBeGreaterThan(2);
    expect(seqs).toEqual(numbers(seqs[0] ?? 0, seqs.at(-1) ?? 0));
    follower.stop();
  });

  test('ends right after the entry that removed the follower', async () => {
    const roomId = await createRoom(replicas[0], 'public', [anna, boris]);
    const follower = follow(roomId, 'boris', 0);
    await eventually(() => follower.seqs().length === 2);
    const removing = removeMember(replicas[0], roomId, boris);
    await Promise.all([removing, ...numbers(1, 20).map(() => send(roomId, 'anna'))]);
    bus.mend();
    await eventually(() => follower.code() === 'not_a_member');
    expect(follower.seqs()).toEqual(numbers(1, await removing));
  });

  test('goes on for who was removed long ago and is a member again', async () => {
    const roomId = await createRoom(replicas[0], 'public', [anna, boris]);
    await removeMember(replicas[0], roomId, boris);
    await addMember(replicas[0], roomId, boris);
    const last = await send(roomId, 'anna');
    const follower = follow(roomId, 'boris', 0);
    await eventually(() => follower.seqs().at(-1) === last);
    expect(follower.seqs()).toEqual(numbers(1, last));
    expect(follower.code()).toBeUndefined();
    follower.stop();
  });

  test('ends when the room is deleted', async () => {
    const roomId = await createRoom(replicas[0], 'private', [anna]);
    const follower = follow(roomId, 'anna', 0);
    await eventually(() => follower.seqs().length === 1);
    await deleteRoom(replicas[0], roomId);
    bus.mend();
    await eventually(() => follower.code() === 'room_not_found');
  });

  test('is refused to who is no member, and from beyond its end', async () => {
    const roomId = await createRoom(replicas[0], 'public', [anna]);
    const [stranger, ahead] = [follow(roomId, 'boris', 0), follow(roomId, 'anna', 2)];
    await eventually(() => stranger.code() === 'not_a_member' && ahead.code() === 'invalid_input');
  });

  test('ends with unavailable when its replica stops', async () => {
    const stopping = await startReplica(opened.url, bus, { people });
    const roomId = await createRoom(replicas[0], 'private', [anna]);
    const follower = follow(roomId, 'anna', 0, stopping);
    await eventually(() => follower.seqs().length === 1).finally(() => stopping.close());
    expect(follower.code()).toBe('unavailable');
  });
});
