import { RoomKind } from '@veche/contracts';
import { eventually, openTestDatabase, type TestDatabase } from '@veche/testing';
import { v7 as uuid } from 'uuid';
import { BreakableBus } from '../../test/breakable-bus';
import { hearing } from '../../test/hearing';
import { People } from '../../test/people';
import { by, type Replica, startReplica } from '../../test/replica';
import { CHAT_DATABASE } from '../chat.database';
import { DeletionsRepository } from './deletions.repository';

const { PUBLIC, PRIVATE } = RoomKind;

describe('a deleted room', () => {
  let opened: TestDatabase;
  const people = new People();
  const anna = people.add('anna');
  const boris = people.add('boris');
  const eve = people.add('eve');
  const service = { requestId: 'test' };

  beforeAll(async () => {
    opened = await openTestDatabase(CHAT_DATABASE);
  });
  afterAll(() => opened.close());
  afterEach(() => jest.restoreAllMocks());

  const withReplica = async (work: (replica: Replica) => Promise<void>): Promise<void> => {
    const replica = await startReplica(opened.url, new BreakableBus(), { people });
    try {
      await work(replica);
    } finally {
      await replica.close();
    }
  };
  /** No more than a process that died leaves: nobody sweeps. */
  const sweepNothing = () => jest.spyOn(DeletionsRepository.prototype, 'claim').mockResolvedValue(undefined);
  const create = async (replica: Replica, name: string, kind = PUBLIC): Promise<string> => {
    const { room } = await replica.rooms.createRoom({ name, kind, members: ['boris'] }, by('anna'));
    return room?.id ?? '';
  };
  const lengthen = (roomId: string, length: number) =>
    opened.database.query(
      `WITH written AS (
         INSERT INTO chat.room_events (bucket, room_id, seq, type, actor_id, at, message_id, text, client_id)
         SELECT chat.bucket($1), $1, n, 'message.created', $2, now(), gen_random_uuid(), 'text', 'c' || n
         FROM generate_series(3, $3::int) n)
       UPDATE chat.rooms SET last_seq = $3 WHERE bucket = chat.bucket($1) AND id = $1`,
      [roomId, anna, length],
    );
  const left = async (roomId: string): Promise<number> => {
    const tables = ['room_events', 'members', 'former_members', 'room_deletions'];
    const counts = await Promise.all(
      tables.map((table) =>
        opened.database.query<{ n: number }>(
          `SELECT count(*)::int AS n FROM chat.${table} WHERE bucket = chat.bucket($1) AND room_id = $1`,
          [roomId],
        ),
      ),
    );
    return counts.reduce((sum, [row]) => sum + (row?.n ?? 0), 0);
  };

  test('is gone at every door at once, and its name is free, before anything is swept up', () =>
    withReplica(async (replica) => {
      sweepNothing();
      const { rooms, messages, delivery } = replica;
      const heard: string[] = [];
      const roomId = await create(replica, 'The square');
      await hearing(
        replica,
        ({ body }) => body?.$case === 'roomDeleted' && heard.push(body.value.roomId),
      ).rooms(roomId);
      const { entry } = await messages.sendMessage({ roomId, text: 'x', clientId: 'c' }, by('anna'));
      // known from before, as a cache would know it
      await replica.members.listMembers({ roomId }, by('boris'));
      await rooms.deleteRoom({ roomId }, by('anna'));

      expect(heard).toEqual([roomId]);
      expect(await left(roomId)).toBeGreaterThan(0);
      for (const gone of [
        () => messages.sendMessage({ roomId, text: 'y', clientId: 'd' }, by('anna')),
        // what was acknowledged once, too
        () => messages.sendMessage({ roomId, text: 'x', clientId: 'c' }, by('anna')),
        () => messages.listMessages({ roomId }, by('anna')),
        () => messages.listEvents({ roomId, after: 0 }, by('boris')),
        () => rooms.getRoom({ roomId }, by('anna')),
        () => rooms.joinRoom({ roomId }, by('eve')),
        () => replica.members.leaveRoom({ roomId }, by('boris')),
        () => replica.members.listMembers({ roomId }, by('boris')),
        () => replica.members.addMember({ roomId, userId: eve }, by('anna')),
        () => replica.members.removeMember({ roomId, userId: boris }, by('anna')),
        () => rooms.updateRoom({ roomId, topic: 't' }, by('anna')),
        () => replica.members.markRead({ roomId, seq: entry?.seq ?? 0 }, by('anna')),
        () => rooms.deleteRoom({ roomId }, by('anna')),
        () => delivery.listRoomEntries({ roomId, after: 0, limit: 10 }, service),
      ])
        await expect(gone()).rejects.toMatchObject({ code: 'room_not_found' });
      const listed = await rooms.listRooms({}, by('boris'));
      expect(listed.rooms.map((overview) => overview.room?.id)).not.toContain(roomId);
      const { memberships } = await delivery.listMemberships({ userIds: [anna, boris] }, service);
      expect(memberships.map((m) => m.roomId)).not.toContain(roomId);
      expect(await create(replica, 'The square')).not.toBe(roomId);
      expect(await replica.erasure.forgetUser({ userId: uuid() }, service)).toEqual({ done: true });
    }));

  test('is swept up to the last row, whoever died in the middle', async () => {
    let roomId = '';
    const { sweepEntries } = DeletionsRepository.prototype;
    const pieces: number[] = [];
    await withReplica(async (replica) => {
      roomId = await create(replica, 'hall', PRIVATE);
      await lengthen(roomId, 4_500);
      await replica.members.removeMember({ roomId, userId: boris }, by('anna'));
      // the process goes after its second piece
      jest.spyOn(DeletionsRepository.prototype, 'sweepEntries').mockImplementation(function (
        this: DeletionsRepository,
        ...args
      ) {
        if (args[0] !== roomId) return sweepEntries.apply(this, args);
        pieces.push(args[1]);
        if (pieces.length > 2) return Promise.reject(new Error('as if the process had died here'));
        return sweepEntries.apply(this, args);
      });
      await replica.rooms.deleteRoom({ roomId }, by('anna'));
      await eventually(() => pieces.length > 2);
    });
    jest.restoreAllMocks();
    expect(pieces).toEqual([1, 1001, 2001]);
    expect(await left(roomId)).toBe(4_501 - 2_000 + 3);

    // its claim ends
    await opened.database.query(
      `UPDATE chat.room_deletions SET due_at = now() WHERE bucket = chat.bucket($1) AND room_id = $1`,
      [roomId],
    );
    const resumed = jest.spyOn(DeletionsRepository.prototype, 'sweepEntries');
    await withReplica(async () => {
      await eventually(async () => (await left(roomId)) === 0);
    });
    expect(resumed.mock.calls.filter(([id]) => id === roomId).map(([, from]) => from)).toEqual([
      2001, 3001, 4001,
    ]);
  });
});
