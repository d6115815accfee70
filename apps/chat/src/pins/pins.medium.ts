import { type Entry, RoomKind } from '@veche/contracts';
import type { AppError } from '@veche/errors';
import { openTestDatabase, type TestDatabase } from '@veche/testing';
import { randomUUID } from 'node:crypto';
import { BreakableBus } from '../../test/breakable-bus';
import { People } from '../../test/people';
import { by, type Replica, startReplica } from '../../test/replica';
import { CHAT_DATABASE } from '../chat.database';
import { MOST_PINS } from './pin.rules';

describe('pins', () => {
  let opened: TestDatabase;
  let replica: Replica;
  let other: Replica;
  const people = new People();
  const [owner, boris, clara, stranger] = ['owner', 'boris', 'clara', 'stranger'] as const;
  const ids = new Map([owner, boris, clara, stranger].map((name) => [name, people.add(name)]));

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
    const request = { name: `room ${++made}`, kind: RoomKind.PRIVATE, members };
    return (await replica.rooms.createRoom(request, by(owner))).room?.id ?? '';
  };
  const say = async (roomId: string, who: string): Promise<number> => {
    const request = { roomId, text: 'text', clientId: randomUUID() };
    return (await replica.messages.sendMessage(request, by(who))).entry?.seq ?? 0;
  };
  const pin = async (roomId: string, seq: number, who: string, on = true, at = replica) =>
    (await at.pins.setPin({ roomId, seq, on }, by(who))).entry;
  const pins = async (roomId: string, who: string): Promise<Entry[]> =>
    (await other.pins.listPins({ roomId }, by(who))).entries;
  const seqs = async (roomId: string, who = boris) => (await pins(roomId, who)).map(({ seq }) => seq);
  const logOf = async (roomId: string): Promise<Entry[]> =>
    (await other.delivery.listRoomEntries({ roomId, after: 0, limit: 1000 }, { requestId: 'test' })).entries;
  const codeOf = (call: Promise<unknown>): Promise<string> =>
    call.then(
      () => 'was not refused',
      (error: AppError) => error.code,
    );

  it('are listed for every member, the last one first, and each message says who pinned it and when', async () => {
    const roomId = await create(boris);
    const [first, second] = [await say(roomId, boris), await say(roomId, owner)];
    await pin(roomId, second, owner);
    const answer = await pin(roomId, first, owner);
    const log = await logOf(roomId);
    const entry = log.at(-1);
    expect(entry).toMatchObject({
      actorId: ids.get(owner),
      body: { $case: 'messagePinned', value: { target: first } },
    });
    const shown = { pinnedBy: ids.get(owner), pinnedAt: entry?.at };
    expect(answer?.body?.value).toMatchObject(shown);
    expect((await pins(roomId, boris)).map(({ seq }) => seq)).toEqual([first, second]);
    expect((await pins(roomId, boris))[0]?.body?.value).toMatchObject(shown);
    expect(
      (await replica.messages.getMessage({ roomId, seq: first }, by(boris))).entry?.body?.value,
    ).toMatchObject(shown);
    // nothing new to read, and no room moved up by it
    const mine = (await replica.rooms.listRooms({}, by(boris))).rooms.find((o) => o.room?.id === roomId);
    expect(mine).toMatchObject({ unread: 1, room: { lastSeq: log.length } });
    await pin(roomId, first, owner, false);
    expect(await seqs(roomId)).toEqual([second]);
  });

  it('are made by who moderates, and by both in a direct room', async () => {
    const roomId = await create(boris, clara);
    const seq = await say(roomId, boris);
    expect(await codeOf(pin(roomId, seq, boris))).toBe('forbidden');
    expect(await codeOf(pin(roomId, seq, stranger))).toBe('room_not_found');
    expect(await codeOf(pins(roomId, stranger))).toBe('room_not_found');
    expect(await codeOf(pin(roomId, 1, owner))).toBe('message_not_found');
    expect(await codeOf(pin(roomId, 99, owner))).toBe('message_not_found');
    const direct = (await replica.rooms.openDirectRoom({ userId: ids.get(clara) }, by(boris))).room?.id ?? '';
    const told = await say(direct, boris);
    await pin(direct, told, clara);
    expect(await seqs(direct)).toEqual([told]);
    await pin(direct, told, boris, false);
    expect(await seqs(direct)).toEqual([]);
  });

  it('are there once however often they are asked for, by two replicas at once', async () => {
    const roomId = await create(boris);
    const seq = await say(roomId, boris);
    await Promise.all(
      Array.from({ length: 6 }, (_, i) => pin(roomId, seq, owner, true, i % 2 ? replica : other)),
    );
    await Promise.all(
      Array.from({ length: 6 }, (_, i) => pin(roomId, seq, owner, false, i % 2 ? replica : other)),
    );
    const told = (await logOf(roomId)).slice(seq).map(({ body }) => body?.$case);
    expect(told).toEqual(['messagePinned', 'messageUnpinned']);
  });

  it('are bounded, also for those who pin at once', async () => {
    const roomId = await create(boris);
    const all: number[] = [];
    for (let i = 0; i <= MOST_PINS + 1; i++) all.push(await say(roomId, boris));
    for (const seq of all.slice(0, MOST_PINS - 1)) await pin(roomId, seq, owner);
    const codes = await Promise.all(
      all
        .slice(MOST_PINS - 1)
        .map((seq, i) => codeOf(pin(roomId, seq, owner, true, i % 2 ? replica : other))),
    );
    expect(codes.filter((code) => code === 'was not refused')).toHaveLength(1);
    expect(codes.filter((code) => code === 'too_many_pins')).toHaveLength(codes.length - 1);
    expect(await seqs(roomId)).toHaveLength(MOST_PINS);
  });

  it('go with their message, by whomever it is deleted', async () => {
    const roomId = await create(boris, clara);
    const [deleted, erased, left] = [
      await say(roomId, boris),
      await say(roomId, clara),
      await say(roomId, boris),
    ];
    for (const seq of [deleted, erased, left]) await pin(roomId, seq, owner);
    const { entry } = await replica.messages.deleteMessage({ roomId, seq: deleted }, by(boris));
    expect(entry?.body?.value).toMatchObject({ pinnedBy: undefined, pinnedAt: undefined });
    expect(await codeOf(pin(roomId, deleted, owner))).toBe('message_not_found');
    await replica.erasure.forgetUser({ userId: ids.get(clara) ?? '' }, { requestId: 'test' });
    expect(await seqs(roomId)).toEqual([left]);
    const rows = await opened.database.query<{ seq: string }>(
      'SELECT seq FROM chat.room_events WHERE room_id = $1 AND (pinned_by IS NOT NULL OR pinned_at IS NOT NULL)',
      [roomId],
    );
    expect(rows.map(({ seq }) => Number(seq))).toEqual([left]);
  });
});
