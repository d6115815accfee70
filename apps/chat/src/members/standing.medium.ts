import { RoomKind } from '@veche/contracts';
import {
  describeWithRedis,
  eventually,
  openTestDatabase,
  startRedis,
  type TestDatabase,
  type TestRedis,
} from '@veche/testing';
import { BreakableBus } from '../../test/breakable-bus';
import { People } from '../../test/people';
import { by, type Replica, startReplica } from '../../test/replica';
import { CHAT_DATABASE } from '../chat.database';

describeWithRedis('what one replica has cached', () => {
  let opened: TestDatabase;
  let redis: TestRedis;
  let here: Replica;
  let there: Replica;
  const people = new People();
  people.add('anna');
  const boris = people.add('boris');

  beforeAll(async () => {
    opened = await openTestDatabase(CHAT_DATABASE);
    redis = await startRedis();
    const bus = new BreakableBus();
    const surroundings = { people, redisUrl: redis.url };
    here = await startReplica(opened.url, bus, surroundings);
    there = await startReplica(opened.url, bus, surroundings);
  });
  afterAll(async () => {
    await Promise.all([here, there].map((r) => r.close()));
    await Promise.all([opened.close(), redis.close()]);
  });

  const create = async (name: string, kind: RoomKind): Promise<string> =>
    (await here.rooms.createRoom({ name, kind, members: ['boris'] }, by('anna'))).room?.id ?? '';
  const browsed = async ({ rooms }: Replica, search: string): Promise<string[]> =>
    (await rooms.browseRooms({ search }, by('boris'))).rooms.map((room) => room.name);

  test('of a member is gone when another removes them, and when they are back', async () => {
    const roomId = await create('cached', RoomKind.PRIVATE);
    const seenThere = () =>
      there.members.listMembers({ roomId }, by('boris')).then(
        ({ members }) => members.length,
        (error: { code: string }) => error.code,
      );
    expect(await seenThere()).toBe(2);
    await here.members.removeMember({ roomId, userId: boris }, by('anna'));
    expect(await seenThere()).toBe('room_not_found');
    await here.members.addMember({ roomId, userId: boris }, by('anna'));
    expect(await seenThere()).toBe(2);
    await here.rooms.deleteRoom({ roomId }, by('anna'));
    expect(await seenThere()).toBe('room_not_found');
  });

  test('of the public rooms is gone when another makes, renames or deletes one', async () => {
    expect(await browsed(there, 'bell')).toEqual([]);
    const roomId = await create('Bell tower', RoomKind.PUBLIC);
    expect(await browsed(there, 'bell')).toEqual(['Bell tower']);
    await here.rooms.updateRoom({ roomId, name: 'Bells' }, by('anna'));
    expect(await browsed(there, 'bell')).toEqual(['Bells']);
    await here.rooms.updateRoom({ roomId, name: 'Tower' }, by('anna'));
    expect(await browsed(there, 'bell')).toEqual([]);
    expect(await browsed(there, 'tow')).toEqual(['Tower']);
    await here.rooms.deleteRoom({ roomId }, by('anna'));
    expect(await browsed(there, 'tow')).toEqual([]);
  });

  test('is not missed while Redis is away and when it is back', async () => {
    const roomId = await create('unplugged', RoomKind.PUBLIC);
    expect(await browsed(there, 'unplugged')).toEqual(['unplugged']);
    await redis.stop();
    await here.rooms.updateRoom({ roomId, name: 'Plugged' }, by('anna'));
    expect(await browsed(there, 'plugged')).toEqual(['Plugged']);
    await redis.start();
    // what it still has from before is removed by who could not remove it meanwhile
    await eventually(async () => (await browsed(there, 'unplugged')).length === 0);
    expect(await browsed(here, 'plugged')).toEqual(['Plugged']);
  });
});
