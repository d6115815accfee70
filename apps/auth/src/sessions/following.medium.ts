import type { AppError } from '@veche/errors';
import { eventually, freePort, testDatabaseUrl, type TestDatabaseUrl } from '@veche/testing';
import {
  as,
  composeAuth,
  composeFollower,
  login,
  refusal,
  register,
  type RunningAuth,
} from '../../test/replica';

describe('a service that follows auth over the network', () => {
  let database: TestDatabaseUrl;
  let address: string;
  let serving: RunningAuth;
  let follower: Awaited<ReturnType<typeof composeFollower>>;
  const secret = { JWT_SECRET: 'a secret of thirty-two characters' };
  const serve = (): Promise<RunningAuth> => composeAuth(database.url, { ...secret, GRPC_URL: address });
  beforeAll(async () => {
    database = await testDatabaseUrl();
    address = `127.0.0.1:${await freePort()}`;
    serving = await serve();
    follower = await composeFollower(address, secret);
  });
  afterAll(async () => {
    await follower.close();
    await serving.close();
    await database.drop();
  });

  const hold = async (token: string): Promise<{ end?: AppError }> => {
    const held: { end?: AppError } = {};
    const principal = await follower.authenticator.authenticateUser(token);
    follower.authenticator.hold({ principal, end: (error) => (held.end = error) });
    return held;
  };

  it('hears of an ended session within a second', async () => {
    const grant = await register(serving, 'anna');
    const held = await hold(grant.accessToken);
    await follower.auth.logout({}, as(grant));
    await eventually(() => held.end, { within: 1_000 });
    expect(held.end).toMatchObject({ code: 'session_ended', data: { detail: 'logout' } });
    expect(await refusal(follower.authenticator.authenticateUser(grant.accessToken))).toBe(
      'session_ended: logout',
    );
  });

  it('hears within seconds of what a process died before it told', async () => {
    const grant = await register(serving, 'clara');
    const disabled = await register(serving, 'david');
    const role = async (): Promise<string> =>
      (await follower.authenticator.authenticateUser(grant.accessToken)).role;
    expect(await role()).toBe('user');
    const held = await hold(disabled.accessToken);
    await serving.database.query(
      "UPDATE auth.users SET role = 'moderator', changed_at = now() WHERE username = 'clara'",
    );
    await serving.database.query(
      "UPDATE auth.sessions SET ended_at = now(), end_reason = 'account_disabled' WHERE id = $1",
      [disabled.sessionId],
    );
    await eventually(async () => (await role()) === 'moderator');
    await eventually(() => held.end);
    expect(held.end?.data.detail).toBe('account_disabled');
    // nor does a cache that was filled before say otherwise
    const ask = serving.auth.validateSession({ accessToken: disabled.accessToken }, as(grant));
    expect(await refusal(ask)).toBe('session_ended: account_disabled');
  });

  it('goes on while auth restarts, and finds out what ended meanwhile', async () => {
    const kept = await register(serving, 'boris');
    const ended = await login(serving, 'boris');
    const held = [await hold(kept.accessToken), await hold(ended.accessToken)];
    const unseen = await login(serving, 'boris');
    const other = await composeAuth(database.url, secret);

    const stopping = performance.now();
    await serving.close();
    expect(performance.now() - stopping).toBeLessThan(5_000);
    await other.auth.endSession({ sessionId: ended.sessionId }, as(kept));
    await follower.authenticator.authenticateUser(kept.accessToken);
    expect(await refusal(follower.authenticator.authenticateUser(unseen.accessToken))).toBe('unavailable');

    serving = await serve();
    await eventually(() => held[1]?.end);
    expect(held.map(({ end }) => end?.data.detail)).toEqual([undefined, 'ended']);
    await follower.authenticator.authenticateUser(unseen.accessToken);
    await other.close();
  });
});
