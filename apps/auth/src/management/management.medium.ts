import { Logger } from '@nestjs/common';
import { type Account, type ListAccountsRequest, Role, type UpdateUserRequest } from '@veche/contracts';
import { eventually, testDatabaseUrl, type TestDatabaseUrl } from '@veche/testing';
import { v7 as uuid } from 'uuid';
import {
  as,
  composeAuth,
  forgetEverybody,
  login,
  password,
  refresh,
  refusal,
  register,
  type RunningAuth,
} from '../../test/replica';

describe('managing accounts', () => {
  let database: TestDatabaseUrl;
  let running: RunningAuth;
  let me: ReturnType<typeof as>;
  let myId: string;
  beforeAll(async () => {
    database = await testDatabaseUrl();
    running = await composeAuth(database.url, { REGISTRATION: 'open' });
  });
  beforeEach(async () => {
    await forgetEverybody(running);
    const grant = await register(running, 'admin');
    [me, myId] = [as(grant), grant.user?.id ?? ''];
  });
  afterAll(async () => {
    await running.close();
    await database.drop();
  });

  const idOf = async (username: string): Promise<string> =>
    (await running.users.listAccounts({ search: username }, me)).accounts.find(
      ({ user }) => user?.username === username,
    )?.user?.id ?? '';
  const update = async (
    username: string,
    changes: Omit<UpdateUserRequest, 'id'>,
    by = me,
  ): Promise<Account | undefined> =>
    (await running.users.updateUser({ id: await idOf(username), ...changes }, by)).account;
  const list = async (request: ListAccountsRequest): Promise<string[]> => {
    const { accounts } = await running.users.listAccounts(request, me);
    return accounts.map(({ user }) => user?.username ?? '');
  };

  it('is for admins alone', async () => {
    await register(running, 'boris');
    await update('boris', { role: Role.MODERATOR });
    const boris = as(await login(running, 'boris'));
    const user = { username: 'carl', email: 'carl@example.org', password };
    for (const call of [
      running.users.listAccounts({}, boris),
      running.users.createUser(user, boris),
      running.users.updateUser({ id: myId, role: Role.USER }, boris),
    ])
      expect(await refusal(call)).toBe('forbidden');
  });

  it('shows whom it is asked for, in the order of usernames', async () => {
    await register(running, 'boris', { displayName: 'Борис Годунов' });
    await register(running, 'anna', { email: 'queen@example.net' });
    await register(running, 'carl_1', { displayName: '100% Carl' });
    await update('carl_1', { disabled: true });
    await update('anna', { role: Role.GUEST });
    expect(await list({})).toEqual(['admin', 'anna', 'boris', 'carl_1']);
    expect(await list({ search: 'ГОДУН' })).toEqual(['boris']);
    expect(await list({ search: 'example.net' })).toEqual(['anna']);
    expect(await list({ search: 'arl' })).toEqual(['carl_1']);
    expect(await list({ search: 'l_' })).toEqual(['carl_1']);
    expect(await list({ search: '%' })).toEqual(['carl_1']);
    expect(await list({ disabled: true })).toEqual(['carl_1']);
    expect(await list({ disabled: false, role: Role.USER })).toEqual(['boris']);
    expect(await list({ role: Role.GUEST })).toEqual(['anna']);
    expect(await list({ role: Role.MODERATOR })).toEqual([]);
  });

  it('comes in pages that neither repeat nor skip', async () => {
    for (const name of ['dora', 'boris', 'carl']) await register(running, name);
    const first = await running.users.listAccounts({ limit: 2 }, me);
    await register(running, 'anna');
    const second = await running.users.listAccounts({ limit: 2, cursor: first.nextCursor }, me);
    const names = [first, second].map((p) => p.accounts.map(({ user }) => user?.username));
    expect(names).toEqual([
      ['admin', 'boris'],
      ['carl', 'dora'],
    ]);
    expect(second.nextCursor).toBeUndefined();
  });

  it('tells in which hour somebody was last there', async () => {
    await register(running, 'boris');
    const { accounts } = await running.users.listAccounts({ search: 'boris' }, me);
    const age = Date.now() - (accounts[0]?.lastSeenAt?.getTime() ?? 0);
    expect(age).toBeGreaterThanOrEqual(0);
    expect(age).toBeLessThan(3_600_000 + 60_000);
    expect(accounts[0]?.lastSeenAt?.toISOString()).toMatch(/:00:00\.000Z$/);
    expect(accounts[0]?.disabledAt).toBeUndefined();
  });

  it('makes accounts, also where registration is closed', async () => {
    const closed = await composeAuth(database.url, { REGISTRATION: 'closed' });
    const admin = as(await login(closed, 'admin'));
    const wanted = { username: 'Vera', email: 'vera@example.org', password, role: Role.MODERATOR };
    const { account } = await closed.users.createUser(wanted, admin);
    expect(account).toMatchObject({
      user: { username: 'Vera', email: 'vera@example.org', displayName: 'Vera', role: Role.MODERATOR },
    });
    expect(account?.lastSeenAt).toBeUndefined();
    expect((await login(closed, 'vera')).user?.role).toBe(Role.MODERATOR);
    expect(await refusal(closed.users.createUser({ ...wanted, username: 'w-e-r-a' }, admin))).toBe(
      'email_taken',
    );
    expect(await refusal(closed.users.createUser({ ...wanted, email: 'v@example.org' }, admin))).toBe(
      'username_taken',
    );
    await closed.close();
  });

  it('changes what is given and nothing else', async () => {
    const boris = await register(running, 'boris');
    const account = await update('boris', { displayName: ' Boris B. ', email: 'b@example.org', bio: 'hm' });
    expect(account?.user).toEqual({
      ...boris.user,
      displayName: 'Boris B.',
      email: 'b@example.org',
      bio: 'hm',
    });
    expect((await running.users.getOwnUser({}, as(boris))).user).toEqual(account?.user);
    expect(await refusal(update('boris', { username: 'ADMIN' }))).toBe('username_taken');
    expect(await refusal(update('boris', { email: 'Admin@Example.org' }))).toBe('email_taken');
    expect(await refusal(running.users.updateUser({ id: uuid(), bio: '' }, me))).toBe('user_not_found');
  });

  it('writes down which fields were changed, and no others', async () => {
    await register(running, 'boris');
    const log = jest.spyOn(Logger.prototype, 'log');
    await update('boris', { bio: '' });
    await update('boris', { role: Role.MODERATOR, disabled: false });
    const changed = log.mock.calls.flatMap(([said]) => (said as { changed?: string[] }).changed ?? []);
    log.mockRestore();
    expect(changed).toEqual(['bio', 'role', 'disabled']);
  });

  it('counts a new role at once', async () => {
    const boris = await register(running, 'boris');
    expect(await refusal(running.users.listAccounts({}, as(boris)))).toBe('forbidden');
    await update('boris', { role: Role.ADMIN });
    expect(await refusal(running.users.listAccounts({}, as(boris)))).toBe('accepted');
    expect(await running.access.check({ permission: 'users.manage' }, as(boris))).toEqual({
      allowed: true,
      role: Role.ADMIN,
    });
    await update('boris', { role: Role.GUEST });
    expect(await refusal(running.users.listAccounts({}, as(boris)))).toBe('forbidden');
  });

  it('ends every session of an account that is disabled, and lets nobody in until it is enabled', async () => {
    const boris = await register(running, 'boris');
    const phone = await login(running, 'boris');
    const account = await update('boris', { disabled: true });
    expect(account?.disabledAt).toBeInstanceOf(Date);
    for (const grant of [boris, phone]) {
      expect(await refusal(running.auth.listSessions({}, as(grant)))).toBe('session_ended: account_disabled');
      expect(await refusal(refresh(running, grant))).toBe('session_ended: account_disabled');
    }
    expect(await refusal(login(running, 'boris'))).toBe('account_disabled');
    // again: it stays disabled since the first time
    expect((await update('boris', { disabled: true }))?.disabledAt).toEqual(account?.disabledAt);
    expect((await update('boris', { bio: 'away' }))?.disabledAt).toEqual(account?.disabledAt);

    expect((await update('boris', { disabled: false }))?.disabledAt).toBeUndefined();
    expect((await login(running, 'boris')).user?.username).toBe('boris');
    expect(await refusal(refresh(running, phone))).toBe('session_ended: account_disabled');
  });

  it('takes no session of an account for alive that was disabled behind its back', async () => {
    const { accessToken } = await register(running, 'boris');
    await running.database.query("UPDATE auth.users SET disabled_at = now() WHERE username = 'boris'");
    expect(await refusal(running.auth.validateSession({ accessToken }, me))).toBe(
      'session_ended: account_disabled',
    );
  });

  it('gives nobody a password that is among the first that others try', async () => {
    const account = { username: 'walter', email: 'walter@example.org', password: 'Walter123' };
    expect(await refusal(running.users.createUser(account, me))).toBe('weak_password: password');
    await register(running, 'boris');
    for (const weak of ['password123', 'boris.boris'])
      expect(await refusal(update('boris', { password: weak }))).toBe('weak_password: password');
  });

  it('gives a new password to who has forgotten theirs, and ends their sessions', async () => {
    const boris = await register(running, 'boris');
    await update('boris', { password: 'a new password' });
    expect(await refusal(refresh(running, boris))).toBe('session_ended: password_changed');
    expect(await refusal(login(running, 'boris'))).toBe('invalid_credentials');
    expect((await login(running, 'boris', { password: 'a new password' })).user?.username).toBe('boris');
    // nor is there an exception for their own
    await update('admin', { password: 'a new password' });
    expect(await refusal(running.users.getOwnUser({}, me))).toBe('session_ended: password_changed');
  });

  it.each([
    ['demoted', { role: Role.USER }],
    ['disabled', { disabled: true }],
  ])('leaves an admin who may log in: the last one cannot be %s', async (_what, change) => {
    await register(running, 'boris');
    await update('boris', { role: Role.ADMIN, disabled: true });
    expect(await refusal(update('admin', change))).toBe('last_admin');
    expect(await refusal(update('admin', { displayName: 'still here' }))).toBe('accepted');
    await update('boris', { disabled: false });
    expect(await refusal(update('admin', change))).toBe('accepted');
  });

  it('leaves one of two admins who demote each other at the same moment', async () => {
    for (let round = 0; round < 5; round++) {
      const boris = await register(running, `boris${round}`);
      await update(`boris${round}`, { role: Role.ADMIN });
      const demote = { role: Role.USER };
      const answers = await Promise.all([
        refusal(update('admin', demote, as(boris))),
        refusal(running.users.updateUser({ id: boris.user?.id ?? '', ...demote }, me)),
      ]);
      expect(answers.filter((answer) => answer === 'accepted')).toHaveLength(1);
      const admins = await running.database.query("SELECT username FROM auth.users WHERE role = 'admin'");
      expect(admins).toHaveLength(1);
      // as it was, for the next round
      await running.database.query(
        "UPDATE auth.users SET role = CASE username WHEN 'admin' THEN 'admin' ELSE 'user' END",
      );
      await running.users.updateOwnUser({ bio: String(round) }, me);
    }
  });

  it('leaves one admin, whichever of several go, are demoted or disabled at the same moment', async () => {
    const names = ['boris', 'clara', 'david', 'elena'];
    for (const name of names) {
      await register(running, name);
      await update(name, { role: Role.ADMIN });
    }
    const ids = await Promise.all(['admin', ...names].map(idOf));
    const bys = [me, ...(await Promise.all(names.map(async (name) => as(await login(running, name)))))];
    const answers = await Promise.all(
      ids.map((id, i) => {
        const by = bys[(i + 1) % bys.length] ?? me;
        const ways = [
          () => running.users.deleteUser({ id }, by),
          () => running.users.updateUser({ id, role: Role.MODERATOR }, by),
          () => running.users.updateUser({ id, disabled: true }, by),
        ];
        return refusal(ways[i % 3]!());
      }),
    );
    const left = await running.database.query(
      "SELECT username FROM auth.users WHERE role = 'admin' AND disabled_at IS NULL",
    );
    // who was taken out before their own call came is refused as one who may not
    expect(left.length).toBeGreaterThanOrEqual(1);
    expect(answers.filter((answer) => answer === 'accepted')).toHaveLength(ids.length - left.length);
  });
});

// the embedded database has one session: there nothing runs beside a transaction
(process.env.TEST_DATABASE_URL ? describe : describe.skip)('while an admin is being changed', () => {
  it('no account waits that is not the one', async () => {
    const database = await testDatabaseUrl();
    const running = await composeAuth(database.url);
    try {
      const admin = as(await register(running, 'admin'));
      const other = await register(running, 'boris');
      const ids = { boris: other.user?.id ?? '', clara: (await register(running, 'clara')).user?.id ?? '' };
      await running.users.updateUser({ id: ids.boris, role: Role.ADMIN }, admin);
      let release: () => void = () => undefined;
      const released = new Promise<void>((resolve) => (release = resolve));
      let held = false;
      const holding = running.database.transaction(async (tx) => {
        await tx.query('SELECT id FROM auth.users WHERE id = $1 FOR UPDATE', [ids.boris]);
        held = true;
        await released;
      });
      await eventually(() => held);
      const changes = { displayName: 'Clara', role: Role.MODERATOR };
      const { account } = await running.users
        .updateUser({ id: ids.clara, ...changes }, admin)
        .finally(() => release());
      expect(account?.user?.displayName).toBe('Clara');
      await holding;
    } finally {
      await running.close();
      await database.drop();
    }
  });
});
