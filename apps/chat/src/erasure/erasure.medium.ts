import { type Entry, RoomKind, RoomRole } from '@veche/contracts';
import type { AppError } from '@veche/errors';
import { eventually, openTestDatabase, type TestDatabase } from '@veche/testing';
import { randomUUID } from 'node:crypto';
import { BreakableBus } from '../../test/breakable-bus';
import { People } from '../../test/people';
import { by, type Replica, startReplica } from '../../test/replica';
import { CHAT_DATABASE } from '../chat.database';
import { ErasureRepository } from './erasure.repository';

const { PUBLIC, PRIVATE } = RoomKind;

describe('a user whose account is gone', () => {
  let opened: TestDatabase;
  let replica: Replica;
  const people = new People();
  const [anna, boris, clara] = ['anna', 'boris', 'clara'].map((name) => people.add(name)) as [
    string,
    string,
    string,
  ];

  beforeAll(async () => {
    opened = await openTestDatabase(CHAT_DATABASE);
    replica = await startReplica(opened.url, new BreakableBus(), { people });
  });
  afterAll(async () => {
    await replica.close();
    await opened.close();
  });

  let made = 0;
  /** Somebody of whom nothing is there yet. */
  const somebody = (): { name: string; id: string } => {
    const name = `somebody${++made}`;
    return { name, id: people.add(name) };
  };
  const create = async (owner: string, kind: RoomKind, ...members: string[]): Promise<string> => {
    const { room } = await replica.rooms.createRoom({ name: `room ${++made}`, kind, members }, by(owner));
    return room?.id ?? '';
  };
  const say = (roomId: string, who: string, text: string, clientId: string = randomUUID()) =>
    replica.messages.sendMessage({ roomId, text, clientId }, by(who));
  const service = { requestId: 'test' };
  const forget = (userId: string) => replica.erasure.forgetUser({ userId }, service);
  const logOf = async (roomId: string): Promise<Entry[]> => {
    const { entries, lastSeq } = await replica.delivery.listRoomEntries(
      { roomId, after: 0, limit: 1000 },
      service,
    );
    expect(entries.map((e) => e.seq)).toEqual(Array.from({ length: lastSeq }, (_, i) => i + 1));
    return entries;
  };
  const bodies = async (roomId: string, from: number): Promise<Entry['body'][]> =>
    (await logOf(roomId)).slice(from).map(({ body }) => body);
  const codeOf = (call: Promise<unknown>): Promise<string> =>
    call.then(
      () => 'was not refused',
      (error: AppError) => error.code,
    );

  it('leaves their rooms, and their texts are gone from there', async () => {
    const { name, id } = somebody();
    const roomId = await create('anna', PUBLIC, name, 'boris');
    await say(roomId, name, 'a secret');
    await say(roomId, 'boris', 'a reply');
    await say(roomId, name, 'another secret');
    const before = (await logOf(roomId)).length;
    expect(await forget(id)).toEqual({ done: true });

    const log = await logOf(roomId);
    expect(log.slice(before).map(({ actorId, body }) => [actorId, body])).toEqual([
      [id, { $case: 'memberLeft', value: { userId: id } }],
      [id, { $case: 'messagesDeleted', value: { userId: id } }],
    ]);
    const messages = log.flatMap(({ body }) => (body?.$case === 'messageCreated' ? [body.value] : []));
    expect(messages).toMatchObject([
      { text: '', clientId: '', deletedAt: expect.any(Date) },
      { text: 'a reply' },
      { text: '', clientId: '', deletedAt: expect.any(Date) },
    ]);
    expect(messages[1]).not.toHaveProperty('deletedAt', expect.any(Date));
    const kept = await opened.database.query('SELECT r::text AS row FROM chat.room_events r');
    expect(kept.filter(({ row }) => String(row).includes('secret'))).toEqual([]);
    const { members } = await replica.members.listMembers({ roomId }, by('anna'));
    expect(members.map((m) => m.userId).sort()).toEqual([anna, boris].sort());
    expect((await replica.rooms.getRoom({ roomId }, by('anna'))).room?.memberCount).toBe(2);
    expect(await codeOf(say(roomId, name, 'from beyond'))).toBe('not_a_member');
  });

  it('is forgotten once, however often it is asked for', async () => {
    const { name, id } = somebody();
    const roomId = await create('anna', PRIVATE, name);
    await say(roomId, name, 'text');
    await Promise.all([forget(id), forget(id)]);
    const before = await logOf(roomId);
    expect(await forget(id)).toEqual({ done: true });
    expect(await logOf(roomId)).toEqual(before);
    expect(before.filter((e) => e.body?.$case === 'messagesDeleted')).toHaveLength(1);
  });

  it('is forgotten where they wrote and have left since', async () => {
    const { name, id } = somebody();
    const roomId = await create('anna', PUBLIC, name);
    await say(roomId, name, 'text');
    await replica.members.leaveRoom({ roomId }, by(name));
    const before = (await logOf(roomId)).length;
    await forget(id);
    expect(await bodies(roomId, before)).toEqual([{ $case: 'messagesDeleted', value: { userId: id } }]);
  });

  it('hands over what they owned, to the moderator who has been there longest', async () => {
    const { name, id } = somebody();
    const roomId = await create(name, PRIVATE, 'anna', 'boris', 'clara');
    for (const userId of [clara, boris])
      await replica.members.updateMember({ roomId, userId, role: RoomRole.MODERATOR }, by(name));
    const before = (await logOf(roomId)).length;
    await forget(id);
    const { members } = await replica.members.listMembers({ roomId }, by('anna'));
    const [owner] = members.filter((m) => m.role === RoomRole.OWNER);
    expect([boris, clara]).toContain(owner?.userId);
    expect(await bodies(roomId, before)).toEqual([
      { $case: 'memberRole', value: { userId: owner?.userId, role: RoomRole.OWNER } },
      { $case: 'memberLeft', value: { userId: id } },
    ]);
  });

  it('takes along the private rooms that nobody else is in, and leaves the public ones', async () => {
    const { name, id } = somebody();
    const [closed, open] = [await create(name, PRIVATE), await create(name, PUBLIC)];
    await say(open, name, 'text');
    await forget(id);
    const left = await opened.database.query('SELECT id FROM chat.rooms WHERE id = ANY($1::uuid[])', [
      [closed, open],
    ]);
    expect(left).toEqual([{ id: open }]);
    expect((await replica.rooms.joinRoom({ roomId: open }, by('anna'))).room?.role).toBe(RoomRole.OWNER);
  });

  it('leaves the other of a direct room what that one wrote', async () => {
    const { name, id } = somebody();
    const { room } = await replica.rooms.openDirectRoom({ username: name }, by('anna'));
    const roomId = room?.id ?? '';
    await say(roomId, name, 'theirs');
    await say(roomId, 'anna', 'mine');
    await forget(id);
    const { entries } = await replica.messages.listMessages({ roomId }, by('anna'));
    expect(entries.map(({ body }) => body?.$case === 'messageCreated' && body.value.text)).toEqual([
      'mine',
      '',
    ]);
  });

  it('is forgotten in more rooms than one call gets through', async () => {
    const { name, id } = somebody();
    const all: string[] = [];
    for (let i = 0; i < 60; i++) all.push(await create('anna', PUBLIC, name));
    expect(await forget(id)).toEqual({ done: false });
    expect(await forget(id)).toEqual({ done: true });
    const left = await opened.database.query('SELECT FROM chat.members WHERE user_id = $1', [id]);
    expect(left).toEqual([]);
  });

  /** As many messages of theirs as would take long to send, after the entries 1 and 2. */
  const wrote = (roomId: string, id: string, messages: number) =>
    opened.database.query(
      `WITH written AS (
         INSERT INTO chat.room_events (bucket, room_id, seq, type, actor_id, at, message_id, text, client_id)
         SELECT chat.bucket($1), $1, n + 3, 'message.created', $2, now(), gen_random_uuid(), 'text ' || n, 'c' || n
         FROM generate_series(0, $3::int - 1) n)
       UPDATE chat.rooms SET last_seq = $3 + 2 WHERE id = $1`,
      [roomId, id, messages],
    );
  const leftOf = async (roomId: string) => {
    const [left] = await opened.database.query(
      `SELECT count(*) FILTER (WHERE text IS NOT NULL AND type = 'message.created')::int AS texts,
         count(*) FILTER (WHERE type = 'messages.deleted')::int AS told, max(seq)::int AS last
       FROM chat.room_events WHERE room_id = $1`,
      [roomId],
    );
    return left;
  };

  it('is forgotten in a room that is theirs alone in ten thousand messages', async () => {
    const { name, id } = somebody();
    const roomId = await create('anna', PUBLIC, name);
    await wrote(roomId, id, 12_000);
    // a busy machine may not do it in the time of one call, and is asked again, as auth does
    await eventually(async () => (await forget(id)).done);
    // they leave, and devices are told at once and at the end
    expect(await leftOf(roomId)).toEqual({ texts: 0, told: 2, last: 12_005 });
  });

  it('is told of before the sweep begins, and swept to the end by whoever comes after a death', async () => {
    const { name, id } = somebody();
    const roomId = await create('anna', PUBLIC, name);
    await wrote(roomId, id, 3_500);
    const { erase } = ErasureRepository.prototype;
    let pieces = 0;
    const dying = jest.spyOn(ErasureRepository.prototype, 'erase').mockImplementation(function (
      this: ErasureRepository,
      ...args
    ) {
      if (++pieces > 2) return Promise.reject(new Error('as if the process had died here'));
      return erase.apply(this, args);
    });
    await expect(forget(id)).rejects.toMatchObject({ code: 'internal' });
    dying.mockRestore();
    const { entries } = await replica.delivery.listRoomEntries({ roomId, after: 3_502, limit: 9 }, service);
    expect(entries.map(({ body }) => body?.$case)).toEqual(['memberLeft', 'messagesDeleted']);
    expect(await leftOf(roomId)).toEqual({ texts: 1_500, told: 1, last: 3_504 });
    expect(await codeOf(say(roomId, name, 'from beyond'))).toBe('not_a_member');

    expect(await forget(id)).toEqual({ done: true });
    expect(await leftOf(roomId)).toEqual({ texts: 0, told: 2, last: 3_505 });
  });
});
