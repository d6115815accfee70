import { RoomKind, RoomRole, ROOMS } from '@veche/contracts';
import { openTestDatabase, type TestDatabase } from '@veche/testing';
import { BreakableBus } from '../../test/breakable-bus';
import { People } from '../../test/people';
import { by, type Replica, type Rooms, startReplica } from '../../test/replica';
import { CHAT_DATABASE } from '../chat.database';

describe('what one person may do to others', () => {
  let opened: TestDatabase;
  let replicas: [Replica, Replica];
  let rooms: Rooms;
  let elsewhere: Rooms;
  const people = new People();
  let made = 0;

  beforeAll(async () => {
    opened = await openTestDatabase(CHAT_DATABASE);
    const bus = new BreakableBus();
    const settings = { ROOMS_PER_HOUR: 5, STRANGERS_PER_DAY: 4 };
    replicas = [
      await startReplica(opened.url, bus, { people, settings }),
      await startReplica(opened.url, bus, { people, settings }),
    ];
    [rooms, elsewhere] = replicas.map((r) => r.get<Rooms>(ROOMS.token)) as [Rooms, Rooms];
  });
  beforeEach(() => opened.database.query('TRUNCATE chat.tallies'));
  afterAll(async () => {
    await Promise.all(replicas.map((r) => r.close()));
    await opened.close();
  });

  const create = (as: string, members: string[] = [], at = rooms) =>
    at
      .createRoom({ name: `bounded ${++made}`, kind: RoomKind.PRIVATE, members }, by(as))
      .then(({ room }) => room?.id ?? '');
  const answer = (call: Promise<unknown>): Promise<string> =>
    call.then(
      () => 'done',
      (error: { code: string }) => error.code,
    );
  const newcomers = (count: number): string[] =>
    Array.from({ length: count }, () => {
      const name = `newcomer${++made}`;
      people.add(name);
      return name;
    });
  const later = (seconds: number) =>
    opened.database.query(`UPDATE chat.tallies SET since = since - $1 * interval '1 second'`, [seconds]);

  test('is to make so many rooms in an hour, however many they ask for at once and wherever', async () => {
    people.add('anna');
    people.add('boris');
    const asked = Array.from({ length: 12 }, (_, i) => answer(create('anna', [], i % 2 ? rooms : elsewhere)));
    expect((await Promise.all(asked)).filter((is) => is === 'done')).toHaveLength(5);
    expect(await answer(create('anna'))).toBe('rate_limited');
    expect(await answer(rooms.openDirectRoom({ username: 'boris' }, by('anna')))).toBe('rate_limited');
    expect(await answer(create('boris'))).toBe('done');
    await later(3_590);
    expect(await answer(create('anna'))).toBe('rate_limited');
    await later(20);
    expect(await answer(create('anna'))).toBe('done');
  });

  test('counts no room that was not made, and no direct one that was there', async () => {
    people.add('vera');
    const [friend = ''] = newcomers(1);
    for (let i = 0; i < 4; i++) await create('vera');
    await rooms.openDirectRoom({ username: friend }, by('vera'));
    for (let i = 0; i < 3; i++)
      expect(await answer(rooms.openDirectRoom({ username: friend }, by('vera')))).toBe('done');
    await later(3_600);
    for (let i = 0; i < 8; i++)
      expect(await answer(create('vera', ['no-such-person']))).toBe('user_not_found');
    expect(await answer(create('vera'))).toBe('done');
  });

  test('is to bring in so many people a day whom they share no room with', async () => {
    people.add('clara');
    const [one, two, three, four, five] = newcomers(5) as [string, string, string, string, string];
    const first = await create('clara', [one, two]);
    await replicas[0].members.addMember({ roomId: first, username: three }, by('clara'));
    // whoever is in a room with her is no stranger any more, and once more is no more
    const second = await create('clara', [one, two, three]);
    await replicas[0].members.addMember({ roomId: first, username: three }, by('clara'));
    // all or none: two are one too many
    expect(await answer(create('clara', [four, five]))).toBe('rate_limited');
    expect(await answer(replicas[0].members.addMember({ roomId: second, username: four }, by('clara')))).toBe(
      'done',
    );
    expect(await answer(replicas[0].members.addMember({ roomId: second, username: five }, by('clara')))).toBe(
      'rate_limited',
    );
    expect((await replicas[0].members.listMembers({ roomId: second }, by('clara'))).members).toHaveLength(5);
    await later(86_400);
    expect(await answer(replicas[0].members.addMember({ roomId: second, username: five }, by('clara')))).toBe(
      'done',
    );
  });

  test('is not bounded for those who moderate everywhere', async () => {
    people.add('steward', 'moderator');
    for (let i = 0; i < 7; i++) expect(await answer(create('steward', newcomers(2)))).toBe('done');
  });

  test('is forgotten with their account', async () => {
    const id = people.add('dora');
    await create('dora', newcomers(1));
    await replicas[0].erasure.forgetUser({ userId: id }, { requestId: 'test' });
    expect(await opened.database.query('SELECT FROM chat.tallies WHERE user_id = $1', [id])).toEqual([]);
  });

  test('shows outsiders of a public room who is in it, and no more', async () => {
    people.add('olga');
    people.add('outsider');
    const { room } = await rooms.createRoom(
      { name: 'a glass house', kind: RoomKind.PUBLIC, members: newcomers(1) },
      by('olga'),
    );
    const list = async (as: string) =>
      (await replicas[0].members.listMembers({ roomId: room?.id ?? '' }, by(as))).members.map(
        ({ role, joinedAt, readSeq }) => ({
          role,
          joinedAt: joinedAt !== undefined,
          readSeq,
        }),
      );
    expect(await list('olga')).toEqual([
      { role: RoomRole.OWNER, joinedAt: true, readSeq: 0 },
      { role: RoomRole.MEMBER, joinedAt: true, readSeq: 0 },
    ]);
    for (const outsider of ['outsider', 'steward'])
      expect(await list(outsider)).toEqual([
        { role: RoomRole.OWNER, joinedAt: false, readSeq: undefined },
        { role: RoomRole.MEMBER, joinedAt: false, readSeq: undefined },
      ]);
    await rooms.joinRoom({ roomId: room?.id ?? '' }, by('outsider'));
    expect(await list('outsider')).toHaveLength(3);
    expect((await list('outsider')).every(({ joinedAt }) => joinedAt)).toBe(true);
  });
});
