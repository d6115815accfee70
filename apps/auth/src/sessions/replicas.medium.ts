import type { UserPrincipal } from '@veche/access';
import { type Grant, Role } from '@veche/contracts';
import type { AppError } from '@veche/errors';
import {
  describeWithRedis,
  eventually,
  startRedis,
  testDatabaseUrl,
  type TestDatabaseUrl,
  type TestRedis,
} from '@veche/testing';
import { anonymous, as, composeAuth, login, refusal, register, type RunningAuth } from '../../test/replica';

describeWithRedis('two replicas on one database and one Redis', () => {
  let database: TestDatabaseUrl;
  let redis: TestRedis;
  let one: RunningAuth;
  let two: RunningAuth;
  beforeAll(async () => {
    database = await testDatabaseUrl();
    redis = await startRedis();
    const settings = { REDIS_URL: redis.url, JWT_SECRET: 'a secret of thirty-two characters' };
    one = await composeAuth(database.url, settings);
    two = await composeAuth(database.url, settings);
  });
  afterAll(async () => {
    await two.close();
    await one.close();
    await redis.close();
    await database.drop();
  });

  test('are one installation, and other ones are others', async () => {
    const elsewhere = await testDatabaseUrl();
    const other = await composeAuth(elsewhere.url);
    const ids = await Promise.all(
      [one, two, two, other].map(async ({ auth }) => (await auth.getInstallation({}, anonymous)).id),
    );
    await other.close();
    await elsewhere.drop();
    expect(new Set(ids.slice(0, 3)).size).toBe(1);
    expect(ids[3]).not.toBe(ids[0]);
  });

  const hold = (replica: RunningAuth, principal: UserPrincipal): { end?: AppError } => {
    const held: { end?: AppError } = {};
    replica.authenticator.hold({ principal, end: (error) => (held.end = error) });
    return held;
  };
  const known = async (grant: Grant): Promise<{ end?: AppError }> => {
    await one.authenticator.authenticate(grant.accessToken);
    return hold(two, await two.authenticator.authenticate(grant.accessToken));
  };

  it('end a session everywhere within a second', async () => {
    const keeping = await register(one, 'anna');
    const grant = await login(one, 'anna');
    const kept = await known(keeping);
    const held = await known(grant);
    await one.auth.endSession({ sessionId: grant.sessionId }, as(keeping));
    await eventually(() => held.end, { within: 1_000 });
    expect(held.end).toMatchObject({ code: 'session_ended', data: { detail: 'ended' } });
    expect(await refusal(two.authenticator.authenticate(grant.accessToken))).toBe('session_ended: ended');
    expect(await refusal(two.auth.validateSession({ accessToken: grant.accessToken }, as(keeping)))).toBe(
      'session_ended: ended',
    );
    expect(kept.end).toBeUndefined();
  });

  it('show a changed profile everywhere', async () => {
    const grant = await register(one, 'boris');
    const id = grant.user?.id ?? '';
    const seen = async (): Promise<unknown> =>
      (await two.users.getUser({ id }, as(grant))).profile?.displayName;
    expect(await seen()).toBe('boris');
    await one.users.updateOwnUser({ displayName: 'Boris B.' }, as(grant));
    expect(await seen()).toBe('Boris B.');
  });

  it('count a changed role everywhere', async () => {
    const admin = await login(one, 'anna');
    const grant = await register(one, 'clara');
    const id = grant.user?.id ?? '';
    const role = async (): Promise<string> => (await two.authenticator.authenticate(grant.accessToken)).role;
    expect(await role()).toBe('user');
    await one.users.updateUser({ id, role: Role.MODERATOR }, as(admin));
    await eventually(async () => (await role()) === 'moderator', { within: 1_000 });
  });

  it('go on while Redis is away, and tell each other what happened once it is back', async () => {
    const grant = await register(one, 'david');
    const held = await known(grant);
    await redis.stop();
    expect((await login(two, 'david')).user?.username).toBe('david');
    await one.auth.logout({}, as(grant));
    expect(await refusal(one.authenticator.authenticate(grant.accessToken))).toBe('session_ended: logout');

    await redis.start();
    await eventually(() => held.end, { within: 10_000 });
    expect(await refusal(two.authenticator.authenticate(grant.accessToken))).toBe('session_ended: logout');
  });
});
