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
      nameShared: false,
      deactivated: false,
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

  it('are found by the beginning of any word of the username or the display name, in any script and case', async () => {
    expect(await find('BOB')).toEqual(['bob_1', 'bobby', 'bobx1', 'carl']);
    expect(await find('robe')).toEqual(['bobby']);
    expect(await find('оль')).toEqual(['anna']);
    expect(await find('obb')).toEqual([]);
    await register(running, 'akarp', { displayName: 'Анна Карпова' });
    await register(running, 'gmuller', { displayName: 'Günter Müller-Łoś' });
    await register(running, 'tokyo', { displayName: '東京支部' });
    for (const search of ['Карпова', 'карп', 'карп анн', 'АННА К', 'akarp анна'])
      expect([search, await find(search)]).toEqual([search, ['akarp']]);
    for (const search of ['muller', 'MÜLLER', 'los', 'muller gun', 'mu\u0308l'])
      expect([search, await find(search)]).toEqual([search, ['gmuller']]);
    for (const search of ['支部', '東京']) expect([search, await find(search)]).toEqual([search, ['tokyo']]);
    for (const search of ['арпова', 'карпова ольга', 'uller'])
      expect([search, await find(search)]).toEqual([search, []]);
  });

  it('are found by the names that people have now, and by those alone', async () => {
    const grant = await register(running, 'tanja', { displayName: 'Tanja Weiß' });
    await running.users.updateOwnUser({ displayName: 'Tanja Groß' }, as(grant));
    expect([await find('weiss'), await find('gross'), await find('tanja')]).toEqual([
      [],
      ['tanja'],
      ['tanja'],
    ]);
    await running.users.updateOwnUser({ username: 'tgross' }, as(grant));
    expect([await find('tanja'), await find('tgr')]).toEqual([['tgross'], ['tgross']]);
  });

  it('are found by an index, however many there are', async () => {
    for (let i = 0; i < 4_000; i += 500)
      await running.database.query(
        `INSERT INTO auth.users (id, username, username_key, email, email_key, password_hash, display_name,
           display_name_key, display_name_look, created_at, role)
         SELECT gen_random_uuid(), 'mass' || i, 'mass' || i, 'mass' || i, 'mass' || i, '', '', '', '', now(), 'user'
         FROM generate_series($1::int, $1 + 499) AS i`,
        [i],
      );
    await running.database.query(
      `INSERT INTO auth.user_words (word, user_id) SELECT username, id FROM auth.users WHERE username LIKE 'mass%'`,
    );
    await running.database.query('ANALYZE auth.users, auth.user_words');
    const [plan] = await running.database.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN (FORMAT JSON) SELECT id FROM auth.users
       WHERE id IN (SELECT user_id FROM auth.user_words WHERE word >= 'mass399' AND word < 'mass399' || chr(1114111))
         AND username_key > '' AND disabled_at IS NULL ORDER BY username_key LIMIT 20`,
    );
    expect(JSON.stringify(plan)).toContain('user_words_pkey');
    expect(JSON.stringify(plan)).not.toContain('Seq Scan');
    expect(await find('mass399')).toHaveLength(11);
    await running.database.query(`DELETE FROM auth.users WHERE username LIKE 'mass%'`);
  });

  it('are not found by guests, who see those that they have the id of', async () => {
    const guest = await register(running, 'gustav');
    await running.users.updateUser({ id: guest.user?.id ?? '', role: Role.GUEST }, me);
    const myId = (await running.users.getOwnUser({}, me)).user?.id ?? '';
    const ask = (request: Partial<ListUsersRequest>) =>
      refusal(running.users.listUsers({ ids: [], usernames: [], ...request }, as(guest)));
    expect(await ask({ search: 'a' })).toBe('forbidden');
    expect(await ask({ usernames: ['anna'] })).toBe('forbidden');
    expect(await ask({ ids: [myId] })).toBe('accepted');
    expect(await refusal(running.users.getUser({ id: myId }, as(guest)))).toBe('accepted');
    expect(await refusal(running.users.getOwnUser({}, as(guest)))).toBe('accepted');
  });

  it('say whose name is shown for another, also where it only looks so', async () => {
    const shared = async (): Promise<string[]> => {
      const usernames = ['vera', 'vera2', 'wera', 'veronica', 'nadja'];
      const { profiles } = await running.users.listUsers({ ids: [], usernames }, me);
      return profiles.filter((profile) => profile.nameShared).map((profile) => profile.username);
    };
    await register(running, 'vera', { displayName: 'Vera' });
    await register(running, 'nadja', { displayName: 'Nadja' });
    expect(await shared()).toEqual([]);
    await register(running, 'vera2', { displayName: 'vera' });
    expect(await shared()).toEqual(['vera', 'vera2']);
    // a Cyrillic V is not there, but an e and an a are
    const { user } = await register(running, 'wera', { displayName: 'V\u0435r\u0430' });
    await register(running, 'veronica', { displayName: 'nadja' });
    expect(await shared()).toEqual(['nadja', 'vera', 'vera2', 'veronica', 'wera']);
    for (const username of ['vera2', 'veronica'])
      await running.database.query('DELETE FROM auth.users WHERE username = $1', [username]);
    await running.users.updateUser({ id: user?.id ?? '', disabled: true }, me);
    expect(await shared()).toEqual([]);
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

  it('of disabled accounts are not found, and name them to those who know their id, and no more', async () => {
    const grant = await register(running, 'quentin', { displayName: 'Quentin Q.' });
    const id = grant.user?.id ?? '';
    await running.users.updateOwnUser({ bio: 'about me' }, as(grant));
    await running.users.updateUser({ id, role: Role.MODERATOR, disabled: true }, me);
    expect(await find('quen')).toEqual([]);
    expect(await list({ usernames: ['quentin'] })).toEqual([]);
    const { profile } = await running.users.getUser({ id }, me);
    expect(profile).toMatchObject({
      username: 'quentin',
      displayName: 'Quentin Q.',
      bio: '',
      deactivated: true,
    });
    expect(profile?.role).toBe(Role.GUEST);
    expect((await running.users.listUsers({ ids: [id], usernames: [] }, me)).profiles).toEqual([profile]);
    await running.users.updateUser({ id, disabled: false }, me);
    expect((await running.users.getUser({ id }, me)).profile).toMatchObject({
      bio: 'about me',
      role: Role.MODERATOR,
      deactivated: false,
    });
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
