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
import { Bus } from '@veche/bus';
import fc from 'fast-check';
import { createClient } from 'redis';
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
    await one.authenticator.authenticateUser(grant.accessToken);
    return hold(two, await two.authenticator.authenticateUser(grant.accessToken));
  };

  it('end a session everywhere within a second', async () => {
    const keeping = await register(one, 'anna');
    const grant = await login(one, 'anna');
    const kept = await known(keeping);
    const held = await known(grant);
    await one.auth.endSession({ sessionId: grant.sessionId }, as(keeping));
    await eventually(() => held.end, { within: 1_000 });
    expect(held.end).toMatchObject({ code: 'session_ended', data: { detail: 'ended' } });
    expect(await refusal(two.authenticator.authenticateUser(grant.accessToken))).toBe('session_ended: ended');
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
    const role = async (): Promise<string> =>
      (await two.authenticator.authenticateUser(grant.accessToken)).role;
    expect(await role()).toBe('user');
    await one.users.updateUser({ id, role: Role.MODERATOR }, as(admin));
    await eventually(async () => (await role()) === 'moderator', { within: 1_000 });
  });

  it('go on whatever comes over the bus, and hear what comes after it', async () => {
    const grant = await register(one, 'erik');
    const held = await known(grant);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async (bytes) => {
        await one.get(Bus).publish({ name: 'auth.sessions' }, [{ key: '', value: bytes }]);
      }),
    );
    // fewer bytes than the string in it says that it has
    const value = Buffer.from([10, 5, 10, 200, 1, 97, 98]);
    await one.get(Bus).publish({ name: 'auth.sessions' }, [{ key: '', value }]);
    await one.auth.logout({}, as(grant));
    await eventually(() => held.end, { within: 2_000 });
    expect(held.end).toMatchObject({ code: 'session_ended', data: { detail: 'logout' } });
  });

  it('give nobody a right, or a session that has ended, for what somebody writes into Redis', async () => {
    const client = await createClient({ url: redis.url }).connect();
    try {
      const admin = await login(one, 'anna');
      const grant = await register(one, 'fjodor');
      const validate = (accessToken: string) => two.auth.validateSession({ accessToken }, as(grant));
      const valid = await validate(grant.accessToken);
      expect(valid.role).toBe(Role.USER);
      await validate(admin.accessToken);
      const entry = async (part: string): Promise<{ key: string; text: string }> => {
        const [key = ''] = (await client.keys('*')).filter((k) => k.endsWith(part));
        return { key, text: (await client.get(key)) ?? '' };
      };
      const [own, other] = [await entry(`profile:${valid.userId}`), await entry(`profile:${admin.user?.id}`)];
      const session = await entry(`session:${grant.sessionId}`);
      expect([own.text, other.text, session.text]).not.toContain('');

      const profile = { ...grant.user, createdAt: 0, disabled: false, role: 'admin' };
      const wrapped = (value: unknown): string => JSON.stringify({ value, expires: Date.now() + 60_000 });
      for (const forged of [
        own.text.replace('user', 'admin'),
        other.text,
        wrapped(profile),
        JSON.stringify(wrapped(profile)),
      ]) {
        await client.set(own.key, forged);
        expect(await validate(grant.accessToken)).toEqual(valid);
      }

      await one.auth.logout({}, as(grant));
      for (const forged of [
        session.text.replace(/"expires":\d+/, '"expires":9999999999999'),
        wrapped({ id: grant.sessionId, userId: valid.userId, expiresAt: 9e15, endedAt: null }),
      ]) {
        await client.set(session.key, forged);
        expect(await refusal(two.authenticator.authenticateUser(grant.accessToken))).toBe(
          'session_ended: logout',
        );
      }
    } finally {
      await client.disconnect();
    }
  });

  it('go on while Redis is away, and tell each other what happened once it is back', async () => {
    const grant = await register(one, 'david');
    const held = await known(grant);
    await redis.stop();
    expect((await login(two, 'david')).user?.username).toBe('david');
    await one.auth.logout({}, as(grant));
    expect(await refusal(one.authenticator.authenticateUser(grant.accessToken))).toBe(
      'session_ended: logout',
    );

    await redis.start();
    await eventually(() => held.end);
    expect(await refusal(two.authenticator.authenticateUser(grant.accessToken))).toBe(
      'session_ended: logout',
    );
  });
});
