import { type ListUsersRequest, Role } from '@veche/contracts';
import { testDatabaseUrl, type TestDatabaseUrl } from '@veche/testing';
import { v7 as uuid } from 'uuid';
import { anonymous, as, composeAuth, login, refusal, register, type RunningAuth } from '../../test/replica';

describe('profiles', () => {
  let database: TestDatabaseUrl;
  let running: RunningAuth;
  let me: { requestId: string; token?: string };
  beforeAll(async () => {
    database = await testDatabaseUrl();
    running = await composeAuth(database.url);
    me = as(await register(running, 'anna', { displayName: 'Ольга' }));
    for (const [username, displayName] of [
      ['bob_1', '100% Bob'],
      ['bobby', 'Robert'],
      ['bobx1', 'Ann\\Marie'],
      ['carl', 'Bob C.'],
    ] as const)
      await register(running, username, { displayName });
  });
  afterAll(async () => {
    await running.close();
    await database.drop();
  });

  const list = async (request: Partial<ListUsersRequest>): Promise<string[]> => {
    const { profiles } = await running.users.listUsers({ ids: [], usernames: [], ...request }, me);
    return profiles.map((p) => p.username);
  };
  const find = (search: string): Promise<string[]> => list({ search });

  it('are shown without the email address, which only their owner sees', async () => {
    const { user } = await running.users.getOwnUser({}, me);
    expect(user?.email).toBe('anna@example.org');
    const { profile } = await running.users.getUser({ id: user?.id ?? '' }, me);
    expect(profile).toEqual({
      id: user?.id,
      username: 'anna',
      displayName: 'Ольга',
      bio: '',
      role: Role.ADMIN,
      createdAt: user?.createdAt,
    });
    const { profiles } = await running.users.listUsers({ ids: [user?.id ?? ''], usernames: [] }, me);
    expect(profiles).toEqual([profile]);
    expect(await refusal(running.users.getUser({ id: uuid() }, me))).toBe('user_not_found');
    expect(await refusal(running.users.getOwnUser({}, anonymous))).toBe('unauthenticated');
  });

  it('are found by ids or usernames, whatever their case, and what does not exist is left out', async () => {
    expect(await list({ usernames: ['CARL', 'anna', 'nobody'] })).toEqual(['anna', 'carl']);
    expect(await list({ ids: [uuid()] })).toEqual([]);
  });

  it('are asked for in one way at a time', async () => {
    const detail = /^invalid_input: Give ids, or usernames, or search/;
    expect(await refusal(list({}))).toMatch(detail);
    expect(await refusal(list({ usernames: ['anna'], search: 'a' }))).toMatch(detail);
    expect(await refusal(list({ ids: [uuid()], usernames: ['anna'] }))).toMatch(detail);
  });

  it('are found by the beginning of the username or the display name, in any script and case', async () => {
    expect(await find('BOB')).toEqual(['bob_1', 'bobby', 'bobx1', 'carl']);
    expect(await find('robe')).toEqual(['bobby']);
    expect(await find('оль')).toEqual(['anna']);
    expect(await find('obb')).toEqual([]);
  });

  it('are found by characters that a pattern would give a meaning', async () => {
    expect(await find('bob_')).toEqual(['bob_1']);
    expect(await find('100%')).toEqual(['bob_1']);
    expect(await find('%')).toEqual([]);
    expect(await find('ann\\')).toEqual(['bobx1']);
  });

  it('come in pages that neither repeat nor skip while people come and go', async () => {
    const first = await running.users.listUsers({ ids: [], usernames: [], search: 'bob', limit: 2 }, me);
    expect(first.profiles.map((p) => p.username)).toEqual(['bob_1', 'bobby']);
    await register(running, 'bobaa');
    const request = { ids: [], usernames: [], search: 'bob', limit: 2, cursor: first.nextCursor };
    const second = await running.users.listUsers(request, me);
    expect(second.profiles.map((p) => p.username)).toEqual(['bobx1', 'carl']);
    expect(second.nextCursor).toBeUndefined();
    expect(await refusal(running.users.listUsers({ ...request, cursor: 'bm9uZQ' }, me))).toBe(
      'invalid_input: cursor',
    );
  });

  it('of disabled accounts are not found, and still shown to those who know their id', async () => {
    const { user } = await register(running, 'quentin');
    await running.database.query("UPDATE auth.users SET disabled_at = now() WHERE username = 'quentin'");
    expect(await find('quen')).toEqual([]);
    expect((await running.users.getUser({ id: user?.id ?? '' }, me)).profile?.username).toBe('quentin');
  });

  it('change in what is given and in nothing else, for everybody at once', async () => {
    const grant = await register(running, 'rita', { displayName: 'Rita R.' });
    const id = grant.user?.id ?? '';
    const seen = async (): Promise<unknown> => {
      const { profile } = await running.users.getUser({ id }, me);
      return [profile?.username, profile?.displayName, profile?.bio];
    };
    expect(await seen()).toEqual(['rita', 'Rita R.', '']);
    await running.users.updateOwnUser({ bio: 'Keeps the lights on' }, as(grant));
    expect(await seen()).toEqual(['rita', 'Rita R.', 'Keeps the lights on']);
    const { user } = await running.users.updateOwnUser({ username: 'RitaR', displayName: 'R.' }, as(grant));
    expect(user).toMatchObject({ username: 'RitaR', email: 'rita@example.org' });
    expect(await seen()).toEqual(['RitaR', 'R.', 'Keeps the lights on']);
    await running.users.updateOwnUser({ bio: '' }, as(grant));
    expect(await seen()).toEqual(['RitaR', 'R.', '']);

    expect(await find('r.')).toEqual(['RitaR']);
    expect((await login(running, 'ritar')).user?.id).toBe(id);
    expect(await refusal(login(running, 'rita'))).toBe('invalid_credentials');
  });

  it('give a new username to one of those who want it at once', async () => {
    const grants = [await register(running, 'sven'), await register(running, 'sven2')];
    const renamed = await Promise.all(
      grants.map((grant) => refusal(running.users.updateOwnUser({ username: 'Same' }, as(grant)))),
    );
    expect(renamed.sort()).toEqual(['accepted', 'username_taken']);
    expect(await list({ usernames: ['same'] })).toEqual(['Same']);
  });
});
