import { type Entry, RoomKind } from '@veche/contracts';
import type { AppError } from '@veche/errors';
import { eventually, openTestDatabase, type TestDatabase } from '@veche/testing';
import { randomUUID } from 'node:crypto';
import { BreakableBus } from '../../test/breakable-bus';
import { People } from '../../test/people';
import { by, type Replica, startReplica } from '../../test/replica';
import { CHAT_DATABASE } from '../chat.database';
import { MOST_EMOJI, MOST_OWN_EMOJI } from './reaction.rules';

const { PRIVATE } = RoomKind;

describe('reactions', () => {
  let opened: TestDatabase;
  let replica: Replica;
  let other: Replica;
  const people = new People();
  const names = Array.from({ length: 14 }, (_, i) => `user${i}`);
  const ids = names.map((name) => people.add(name));
  const [anna = '', boris = '', clara = ''] = names;

  beforeAll(async () => {
    opened = await openTestDatabase(CHAT_DATABASE);
    const bus = new BreakableBus();
    replica = await startReplica(opened.url, bus, { people, poolSize: 5 });
    other = await startReplica(opened.url, bus, { people, poolSize: 5 });
  });
  afterAll(async () => {
    await Promise.all([replica, other].map((one) => one.close()));
    await opened.close();
  });

  let made = 0;
  const create = async (...members: string[]): Promise<string> => {
    const request = { name: `room ${++made}`, kind: PRIVATE, members };
    return (await replica.rooms.createRoom(request, by(anna))).room?.id ?? '';
  };
  const say = async (roomId: string, who: string): Promise<number> => {
    const request = { roomId, text: 'text', clientId: randomUUID() };
    return (await replica.messages.sendMessage(request, by(who))).entry?.seq ?? 0;
  };
  const react = async (roomId: string, seq: number, who: string, emoji: string, on = true, at = replica) =>
    shownBy((await at.reactions.setReaction({ roomId, seq, emoji, on }, by(who))).entry);
  const shownBy = (entry: Entry | undefined) =>
    entry?.body?.$case === 'messageCreated' ? entry.body.value.reactions : undefined;
  const read = async (roomId: string, seq: number, who: string) =>
    shownBy((await other.messages.getMessage({ roomId, seq }, by(who))).entry);
  const logOf = async (roomId: string): Promise<Entry[]> => {
    const { entries, lastSeq } = await other.delivery.listRoomEntries(
      { roomId, after: 0, limit: 1000 },
      { requestId: 'test' },
    );
    expect(entries.map((e) => e.seq)).toEqual(Array.from({ length: lastSeq }, (_, i) => i + 1));
    return entries;
  };
  const rowsOf = (roomId: string) =>
    opened.database.query('SELECT user_id, emoji FROM chat.reactions WHERE room_id = $1', [roomId]);
  const codeOf = (call: Promise<unknown>): Promise<string> =>
    call.then(
      () => 'was not refused',
      (error: AppError) => error.code,
    );

  it('are seen by each as theirs or others’, wherever a message is read', async () => {
    const roomId = await create(boris);
    const seq = await say(roomId, anna);
    await react(roomId, seq, boris, '❤');
    const answer = await react(roomId, seq, anna, '👍');
    const forAnna = [
      { emoji: '❤️', count: 1, mine: false, userIds: [ids[1]] },
      { emoji: '👍', count: 1, mine: true, userIds: [ids[0]] },
    ];
    expect(answer).toEqual(forAnna);
    expect(await read(roomId, seq, anna)).toEqual(forAnna);
    expect(await read(roomId, seq, boris)).toEqual(forAnna.map((r) => ({ ...r, mine: !r.mine })));
    const { entries } = await replica.messages.listEvents({ roomId, after: seq - 1 }, by(anna));
    expect(entries[0]?.body?.value).toMatchObject({ reactions: forAnna, reactionsSeq: seq + 2 });
    const { rooms } = await replica.rooms.listRooms({}, by(anna));
    const overview = rooms.find(({ room }) => room?.id === roomId);
    expect(shownBy(overview?.lastMessage)).toEqual(forAnna);
    // nothing new to read
    const ofBoris = (await replica.rooms.listRooms({}, by(boris))).rooms.find((o) => o.room?.id === roomId);
    expect(ofBoris).toMatchObject({ unread: 1, room: { lastSeq: seq + 2 } });
    // what is told to everybody is told once, by the entries
    const log = await logOf(roomId);
    expect(shownBy(log[seq - 1])).toEqual([]);
    expect(log.slice(seq).map(({ actorId, body }) => [actorId, body])).toEqual([
      [ids[1], { $case: 'reactionAdded', value: { target: seq, emoji: '❤️' } }],
      [ids[0], { $case: 'reactionAdded', value: { target: seq, emoji: '👍' } }],
    ]);
  });

  it('do not move a room before others, as a message does', async () => {
    const [first, second] = [await create(boris), await create(boris)];
    const seq = await say(first, boris);
    await say(second, boris);
    await react(first, seq, boris, '👍');
    const order = (await replica.rooms.listRooms({}, by(boris))).rooms.map(({ room }) => room?.id);
    expect(order.indexOf(second)).toBeLessThan(order.indexOf(first));
  });

  it('are there once however often they are asked for, by two replicas at once', async () => {
    const roomId = await create(...names.slice(1));
    const seq = await say(roomId, anna);
    const all = (on: boolean) =>
      Promise.all(
        names.flatMap((who) => [replica, other].map((at) => react(roomId, seq, who, '🎉', on, at))),
      );
    await all(true);
    const [reaction] = (await read(roomId, seq, names.at(-1) ?? '')) ?? [];
    expect(reaction).toMatchObject({ emoji: '🎉', count: names.length, mine: true });
    expect(reaction?.userIds).toHaveLength(10);
    const listed = await other.reactions.listReactions({ roomId, seq }, by(boris));
    expect(listed.reactions).toMatchObject([{ emoji: '🎉', count: names.length, mine: true }]);
    expect([...(listed.reactions[0]?.userIds ?? [])].sort()).toEqual([...ids].sort());
    expect(listed.reactions[0]?.userIds.slice(0, 10)).toEqual(reaction?.userIds);
    const kinds = async () => (await logOf(roomId)).slice(seq).map(({ body }) => body?.$case);
    expect(await kinds()).toEqual(names.map(() => 'reactionAdded'));
    await all(false);
    expect(await read(roomId, seq, anna)).toEqual([]);
    expect((await kinds()).slice(names.length)).toEqual(names.map(() => 'reactionRemoved'));
    expect(await rowsOf(roomId)).toEqual([]);
  });

  it('are bounded, in all and for each', async () => {
    const roomId = await create(...names.slice(1));
    const seq = await say(roomId, anna);
    const emoji = Array.from({ length: MOST_EMOJI + 1 }, (_, i) => String.fromCodePoint(0x1f600 + i));
    for (const one of emoji.slice(0, MOST_OWN_EMOJI)) await react(roomId, seq, anna, one);
    expect(await codeOf(react(roomId, seq, anna, emoji[MOST_OWN_EMOJI] ?? ''))).toBe('too_many_reactions');
    for (const one of emoji.slice(MOST_OWN_EMOJI, 2 * MOST_OWN_EMOJI)) await react(roomId, seq, boris, one);
    for (const one of emoji.slice(2 * MOST_OWN_EMOJI, MOST_EMOJI)) await react(roomId, seq, clara, one);
    expect(await codeOf(react(roomId, seq, clara, emoji[MOST_EMOJI] ?? ''))).toBe('too_many_reactions');
    expect(await react(roomId, seq, clara, emoji[0] ?? '')).toHaveLength(MOST_EMOJI);
  });

  it('go with their message, and none comes after', async () => {
    const roomId = await create(boris, clara);
    const seq = await say(roomId, boris);
    await react(roomId, seq, anna, '👍');
    await Promise.all([
      replica.messages.deleteMessage({ roomId, seq }, by(boris)),
      react(roomId, seq, clara, '🎉', true, other).catch((error: AppError) => error.code),
    ]);
    expect(await read(roomId, seq, anna)).toEqual([]);
    expect(await rowsOf(roomId)).toEqual([]);
    expect(await codeOf(react(roomId, seq, anna, '👍'))).toBe('message_not_found');
    expect(await react(roomId, seq, anna, '👍', false)).toEqual([]);
    expect(await codeOf(react(roomId, 1, anna, '👍'))).toBe('message_not_found');
    expect(await codeOf(react(roomId, seq, names[5] ?? '', '👍'))).toBe('room_not_found');
    expect(await codeOf(other.reactions.listReactions({ roomId, seq }, by(names[5] ?? '')))).toBe(
      'room_not_found',
    );
  });

  it('go with whoever made them, and so do those to what they said', async () => {
    const name = `user${++made}x`;
    const id = people.add(name);
    const roomId = await create(boris, name);
    const [own, others] = [await say(roomId, name), await say(roomId, boris)];
    await react(roomId, own, boris, '🎉');
    await react(roomId, others, name, '👍');
    await react(roomId, others, anna, '👍');
    await react(roomId, others, name, '🎉');
    const before = (await logOf(roomId)).length;
    await replica.erasure.forgetUser({ userId: id }, { requestId: 'test' });
    expect((await logOf(roomId)).slice(before).map(({ body }) => body)).toEqual([
      { $case: 'reactionRemoved', value: { target: others, emoji: '👍' } },
      { $case: 'reactionRemoved', value: { target: others, emoji: '🎉' } },
      { $case: 'memberLeft', value: { userId: id } },
      { $case: 'messagesDeleted', value: { userId: id } },
    ]);
    expect(await read(roomId, others, boris)).toEqual([
      { emoji: '👍', count: 1, mine: false, userIds: [ids[0]] },
    ]);
    expect(await rowsOf(roomId)).toEqual([{ user_id: ids[0], emoji: '👍' }]);
  });

  it('are swept up with their room', async () => {
    const roomId = await create(boris);
    await react(roomId, await say(roomId, boris), anna, '👍');
    await replica.rooms.deleteRoom({ roomId }, by(anna));
    await eventually(async () => (await rowsOf(roomId)).length === 0);
  });
});
