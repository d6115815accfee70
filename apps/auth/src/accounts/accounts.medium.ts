import { testDatabaseUrl, type TestDatabaseUrl } from '@veche/testing';
import * as argon2 from '@node-rs/argon2';
import {
  anonymous,
  as,
  composeAuth,
  login,
  password,
  refresh,
  refusal,
  register,
  type RunningAuth,
} from '../../test/replica';

// the real argon2, counted
jest.mock('@node-rs/argon2', () => {
  const real = jest.requireActual<typeof argon2>('@node-rs/argon2');
  return { ...real, verify: jest.fn(real.verify) };
});

describe('accounts', () => {
  let database: TestDatabaseUrl;
  let running: RunningAuth;
  let closed: RunningAuth;
  beforeAll(async () => {
    database = await testDatabaseUrl();
    running = await composeAuth(database.url, { APPS: ['veche', 'shop'] });
    for (const name of ['anna', 'boris']) await register(running, name);
    closed = await composeAuth(database.url, { REGISTRATION: 'closed' });
  });
  afterAll(async () => {
    await closed.close();
    await running.close();
    await database.drop();
  });

  it('gives a name, or an address, to one of those who ask for it at once', async () => {
    const byName = await Promise.all(
      ['Elena', 'elena', 'ELENA'].map((name, i) =>
        refusal(register(running, name, { email: `elena-${i}@example.org` })),
      ),
    );
    expect(byName.sort()).toEqual(['accepted', 'username_taken', 'username_taken']);
    const byEmail = await Promise.all(
      ['Fedor@Example.org', 'fedor@example.org'].map((email, i) =>
        refusal(register(running, `fedor-${i}`, { email })),
      ),
    );
    expect(byEmail.sort()).toEqual(['accepted', 'email_taken']);
  });

  it('shows a person what they gave, and their username where they gave no display name', async () => {
    const { user } = await register(running, 'Galina', { email: 'Galina@Example.org' });
    expect(user).toMatchObject({
      username: 'Galina',
      email: 'Galina@Example.org',
      displayName: 'Galina',
      bio: '',
    });
    expect((await register(running, 'gleb', { displayName: ' Gleb G. ' })).user?.displayName).toBe('Gleb G.');
  });

  it('never has a password that is among the first that others try', async () => {
    for (const weak of ['password123', 'Ursula99', 'ursula@example.org'])
      expect(await refusal(register(running, 'ursula', { password: weak }))).toBe('weak_password: password');
    const grant = await register(running, 'ursula');
    for (const newPassword of ['password123', 'ursula-1'])
      expect(
        await refusal(running.auth.changePassword({ currentPassword: password, newPassword }, as(grant))),
      ).toBe('weak_password: newPassword');
  });

  it('is not made where registration is closed', async () => {
    expect(await refusal(register(closed, 'ivan'))).toBe('registration_closed');
    expect((await login(closed, 'anna')).user?.username).toBe('anna');
  });

  it('is logged in to by username or email without regard to case', async () => {
    for (const name of ['boris', 'BORIS', 'boris@example.org', 'Boris@Example.ORG', ' boris '])
      expect((await login(running, name)).user?.username).toBe('boris');
  });

  it('is logged in to with the same password from another keyboard', async () => {
    await register(running, 'zoe', { password: 'cafe\u0301 au lait' });
    expect((await login(running, 'zoe', { password: 'caf\u00e9 au lait' })).user?.username).toBe('zoe');
  });

  it('is not betrayed to strangers by a login: every failure has one answer, after one verification', async () => {
    await register(running, 'disabled');
    await running.database.query("UPDATE auth.users SET disabled_at = now() WHERE username = 'disabled'");
    const refused = async (name: string, given: string): Promise<unknown> => {
      jest.mocked(argon2.verify).mockClear();
      const answer = await refusal(login(running, name, { password: given }));
      expect(argon2.verify).toHaveBeenCalledTimes(1);
      return answer;
    };
    for (const [name, given] of [
      ['anna', 'a wrong password'],
      ['nobody', 'a wrong password'],
      ['nobody@example.org', password],
      ['disabled', 'a wrong password'],
    ] as const)
      expect(await refused(name, given)).toBe('invalid_credentials');
    // who knows its password is no stranger
    expect(await refused('disabled', password)).toBe('account_disabled');
  });

  it('is logged in to for a named application, whose tokens open no other', async () => {
    const grant = await login(running, 'anna', { appId: 'shop' });
    const session = await running.auth.validateSession({ accessToken: grant.accessToken }, anonymous);
    expect(session).toMatchObject({ appId: 'shop', sessionId: grant.sessionId, role: grant.user?.role });
    expect(await refusal(running.authenticator.authenticate(grant.accessToken))).toBe('invalid_token');
    expect(await refusal(closed.auth.validateSession({ accessToken: grant.accessToken }, anonymous))).toBe(
      'invalid_token',
    );
    expect(await refusal(login(running, 'anna', { appId: 'elsewhere' }))).toBe('invalid_input: appId');
    expect(await refusal(register(running, 'harald', { appId: 'elsewhere' }))).toBe('invalid_input: appId');
  });

  it('ends its other sessions when its password changes', async () => {
    const here = await register(running, 'kira');
    const there = await login(running, 'kira');
    const change = (currentPassword: string, newPassword: string): Promise<unknown> =>
      refusal(running.auth.changePassword({ currentPassword, newPassword }, as(here)));

    expect(await change('a wrong password', 'a new password')).toBe('invalid_credentials');
    expect((await refresh(running, there)).sessionId).toBe(there.sessionId);

    expect(await change(password, 'a new password')).toBe('accepted');
    expect(await refusal(refresh(running, there))).toBe('session_ended: password_changed');
    expect(await refusal(running.auth.listSessions({}, as(there)))).toBe('session_ended: password_changed');
    expect(await refusal(login(running, 'kira'))).toBe('invalid_credentials');
    expect((await login(running, 'kira', { password: 'a new password' })).user?.username).toBe('kira');
  });

  it('gives the session that changes its password new tokens, and makes those of before useless', async () => {
    const first = await register(running, 'kolja');
    const stolen = await refresh(running, first);
    const newPassword = 'a new password';
    const { grant } = await running.auth.changePassword(
      { currentPassword: password, newPassword },
      as(stolen),
    );
    for (const old of [first, stolen]) expect(await refusal(refresh(running, old))).toBe('invalid_token');
    expect(grant?.sessionId).toBe(first.sessionId);
    const next = await refresh(running, grant ?? first);
    expect(await refusal(running.auth.listSessions({}, as(next)))).toBe('accepted');
  });

  it('lets nobody in whose password was changed while it was being verified', async () => {
    const here = await register(running, 'lev');
    const { verify } = jest.requireActual<typeof argon2>('@node-rs/argon2');
    jest.mocked(argon2.verify).mockImplementationOnce(async (...shown) => {
      const matches = await verify(...shown);
      const change = { currentPassword: password, newPassword: 'a new password' };
      await running.auth.changePassword(change, as(here));
      return matches;
    });
    expect(await refusal(login(running, 'lev'))).toBe('invalid_credentials');
    const { sessions } = await running.auth.listSessions({}, as(here));
    expect(sessions.map(({ id }) => id)).toEqual([here.sessionId]);
  });

  it('changes its password once when two changes are asked for at once', async () => {
    const here = await register(running, 'ludmila');
    const changes = await Promise.all(
      ['the first one', 'the second one'].map((newPassword) =>
        refusal(running.auth.changePassword({ currentPassword: password, newPassword }, as(here))),
      ),
    );
    expect(changes.sort()).toEqual(['accepted', 'invalid_credentials']);
  });

  it('keeps neither passwords nor refresh tokens', async () => {
    const first = await register(running, 'maria');
    const { refreshToken } = first;
    const next = await refresh(running, first);
    const rows = await running.database.query(
      `SELECT u::text || s::text AS kept FROM auth.users u JOIN auth.sessions s ON s.user_id = u.id
       WHERE username = 'maria'`,
    );
    const kept = String(rows[0]?.kept);
    expect(kept).toContain('$argon2id$');
    const parts = [refreshToken, next.refreshToken, ...next.refreshToken.split('.')];
    const forms = parts.flatMap((part) => [
      part,
      ...(['utf8', 'base64url'] as const).map((as) => Buffer.from(part, as).toString('hex')),
    ]);
    for (const secret of [password, ...forms]) expect(kept).not.toContain(secret);
  });
});
