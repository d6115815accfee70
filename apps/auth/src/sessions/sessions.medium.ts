import type { SessionEnded, WatchSessionsResponse } from '@veche/contracts';
import type { AppError } from '@veche/errors';
import { eventually, testDatabaseUrl, type TestDatabaseUrl } from '@veche/testing';
import { v7 as uuid } from 'uuid';
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
  SetClock,
} from '../../test/replica';
import { SessionsUpkeep } from './sessions.upkeep';

const DAY_MS = 24 * 60 * 60 * 1000;

describe('sessions', () => {
  const clock = new SetClock();
  let database: TestDatabaseUrl;
  let running: RunningAuth;
  let other: RunningAuth;
  beforeAll(async () => {
    database = await testDatabaseUrl();
    // two replicas that share nothing but the database
    const secret = { JWT_SECRET: 'a secret of thirty-two characters' };
    running = await composeAuth(database.url, secret, { clock });
    other = await composeAuth(database.url, secret, { clock });
  });
  afterAll(async () => {
    await other.close();
    await running.close();
    await database.drop();
  });

  const advance = (ms: number): void => clock.advance(ms);
  const check = async (...sessionIds: string[]): Promise<[string, string][]> => {
    const { ended } = await running.auth.checkSessions({ sessionIds }, anonymous);
    return ended.map(({ sessionId, reason }) => [sessionId, reason]);
  };

  describe('renewed', () => {
    it('give each of several tabs that renew at once, at several replicas, tokens that work', async () => {
      const grant = await register(running, 'anna');
      const tabs = await Promise.all(
        [running, other, running, other].map((replica) => refresh(replica, grant)),
      );
      expect(new Set(tabs.map((tab) => tab.refreshToken)).size).toBe(4);
      for (const tab of tabs) {
        expect(tab.sessionId).toBe(grant.sessionId);
        expect((await running.authenticator.authenticate(tab.accessToken)).sessionId).toBe(grant.sessionId);
      }
      // whichever answer came last is the cookie that both tabs go on with
      const [, , last] = tabs;
      advance(60_000);
      expect((await refresh(running, last ?? grant)).sessionId).toBe(grant.sessionId);
    });

    it('answer a lost answer once more within ten seconds', async () => {
      const grant = await register(running, 'boris');
      await refresh(running, grant);
      advance(10_000);
      const again = await refresh(running, grant);
      advance(60_000);
      expect((await refresh(running, again)).sessionId).toBe(grant.sessionId);
    });

    it('answer a lost answer however late, until it is known that one arrived', async () => {
      const grant = await register(running, 'late');
      const lost = { ...grant, unanswered: true };
      await refresh(running, grant);
      advance(DAY_MS);
      await refresh(other, lost);
      advance(DAY_MS);
      const arrived = await refresh(running, lost);
      const next = await refresh(running, arrived);
      advance(60_000);
      expect(await refusal(refresh(other, lost))).toBe('session_ended: token_reused');
      expect(await refusal(refresh(running, next))).toBe('session_ended: token_reused');
    });

    it('end when a thief and their owner both go on, whoever of them says that no answer came', async () => {
      for (const [name, first] of [
        ['gleb', 'owner'],
        ['hanna', 'thief'],
      ] as const) {
        const stolen = await register(running, name);
        const owner = await refresh(running, stolen);
        advance(60_000);
        const thief = await refresh(running, { ...stolen, unanswered: true });
        const [one, two] = first === 'owner' ? [owner, thief] : [thief, owner];
        await refresh(running, { ...one, unanswered: true });
        advance(60_000);
        const refused = await refusal(refresh(running, { ...two, unanswered: true }));
        expect(refused).toBe('session_ended: token_reused');
      }
    });

    it('end when an old refresh token is used later, for its thief and for its owner', async () => {
      const grant = await register(running, 'clara');
      const renewed = await refresh(running, grant);
      const principal = await running.authenticator.authenticate(renewed.accessToken);
      const held: { end?: AppError } = {};
      running.authenticator.hold({ principal, end: (error) => (held.end = error) });

      advance(10_001);
      expect(await refusal(refresh(other, grant))).toBe('session_ended: token_reused');
      expect(await refusal(refresh(running, renewed))).toBe('session_ended: token_reused');
      expect(await check(grant.sessionId)).toEqual([[grant.sessionId, 'token_reused']]);
      // the replica that was not asked finds out by itself
      await running.get(SessionsUpkeep).round();
      expect(held.end?.data.detail).toBe('token_reused');
    });

    it('have one heir: of two who got tokens in the same grace, the second to go on ends them', async () => {
      const stolen = await register(running, 'david');
      const owner = await refresh(running, stolen);
      const thief = await refresh(running, stolen);
      advance(900_000);
      await refresh(running, owner);
      advance(10_001);
      expect(await refusal(refresh(running, thief))).toBe('session_ended: token_reused');
    });

    it('expire when nobody has renewed them for long enough', async () => {
      const grant = await register(running, 'elena');
      expect(grant.refreshExpiresIn).toBe(30 * (DAY_MS / 1000));
      advance(20 * DAY_MS);
      const renewed = await refresh(running, grant);
      advance(30 * DAY_MS - 1);
      const last = await refresh(running, renewed);
      advance(30 * DAY_MS);
      expect(await refusal(refresh(running, last))).toBe('session_ended: expired');
      expect(await check(grant.sessionId)).toEqual([[grant.sessionId, 'expired']]);
    });

    it('are not found by a refresh token that we never gave', async () => {
      const { refreshToken } = await register(running, 'fedor');
      const made = [refreshToken.slice(0, -1), `${refreshToken}A`, refreshToken.toUpperCase(), 'x'];
      for (const token of made)
        expect(await refusal(running.auth.refresh({ refreshToken: token }, anonymous))).toBe('invalid_token');
    });

    it('end when their account was disabled', async () => {
      const grant = await register(running, 'galina');
      await running.database.query("UPDATE auth.users SET disabled_at = now() WHERE username = 'galina'");
      expect(await refusal(refresh(running, grant))).toBe('session_ended: account_disabled');
    });

    it('never have an access token that outlives them', async () => {
      const short = await composeAuth(database.url, { REFRESH_TOKEN_TTL: 60, ACCESS_TOKEN_TTL: 900 });
      const grant = await register(short, 'harald');
      expect([grant.expiresIn, grant.refreshExpiresIn]).toEqual([60, 60]);
      await short.close();
    });
  });

  describe('of a person', () => {
    it('are listed with their devices, the most recently used first', async () => {
      const phone = await register(running, 'ivan', { deviceName: 'Phone' });
      advance(1_000);
      const laptop = await login(
        running,
        'ivan',
        { deviceName: 'Laptop' },
        { ...anonymous, clientIp: '192.0.2.1' },
      );
      const listed = async (): Promise<unknown[]> =>
        (await running.auth.listSessions({}, as(laptop))).sessions.map((s) => [
          s.deviceName,
          s.ip,
          s.current,
        ]);
      expect(await listed()).toEqual([
        ['Laptop', '192.0.2.1', true],
        ['Phone', '', false],
      ]);
      advance(1_000);
      await refresh(running, phone, { ...anonymous, clientIp: '192.0.2.2' });
      expect(await listed()).toEqual([
        ['Phone', '192.0.2.2', false],
        ['Laptop', '192.0.2.1', true],
      ]);
    });

    it('are ended one at a time, all but one, and by logging out', async () => {
      const [one, two, three] = [
        await register(running, 'kira'),
        await login(running, 'kira'),
        await login(running, 'kira'),
      ];
      const left = async (): Promise<string[]> =>
        (await running.auth.listSessions({}, as(one))).sessions.map((s) => s.id).sort();
      const end = (sessionId: string): Promise<unknown> =>
        refusal(running.auth.endSession({ sessionId }, as(one)));

      expect(await end(two.sessionId)).toBe('accepted');
      expect(await refusal(running.auth.listSessions({}, as(two)))).toBe('session_ended: ended');
      expect(await refusal(refresh(running, two))).toBe('session_ended: ended');
      expect(await left()).toEqual([one.sessionId, three.sessionId].sort());
      expect(await end(two.sessionId)).toBe('session_not_found');

      await running.auth.endOtherSessions({}, as(one));
      expect(await left()).toEqual([one.sessionId]);
      await running.auth.logout({}, as(one));
      expect(await check(one.sessionId, two.sessionId, three.sessionId)).toEqual([
        [one.sessionId, 'logout'],
        [two.sessionId, 'ended'],
        [three.sessionId, 'ended'],
      ]);
    });

    it("are nobody else's to end", async () => {
      const lev = await register(running, 'lev');
      const maria = await register(running, 'maria');
      for (const sessionId of [lev.sessionId, uuid()])
        expect(await refusal(running.auth.endSession({ sessionId }, as(maria)))).toBe('session_not_found');
      await running.auth.endOtherSessions({}, as(maria));
      expect(await check(lev.sessionId, maria.sessionId)).toEqual([]);
    });
  });

  it('that never were count as ended', async () => {
    const id = uuid();
    expect(await check(id)).toEqual([[id, 'ended']]);
  });

  describe('watched', () => {
    const watch = (): { heard: WatchSessionsResponse[]; ended: SessionEnded[] } => {
      const seen: { heard: WatchSessionsResponse[]; ended: SessionEnded[] } = { heard: [], ended: [] };
      running.auth.watchSessions({}, anonymous).subscribe((event) => {
        seen.heard.push(event);
        if (event.body?.$case === 'sessionEnded') seen.ended.push(event.body.value);
      });
      return seen;
    };

    it('begin with a resync, and are followed by each end and each changed user', async () => {
      const grant = await register(running, 'nadia');
      const { heard } = watch();
      await eventually(() => heard.length === 1);
      await running.users.updateOwnUser({ bio: 'new' }, as(grant));
      await running.auth.logout({}, as(grant));
      const userId = grant.user?.id;
      // sessions of the tests before may be found to have expired at this moment
      const hers = heard.flatMap(({ body }) =>
        body && (body.$case === 'resync' || body.value.userId === userId) ? [body] : [],
      );
      expect(hers).toEqual([
        { $case: 'resync', value: {} },
        { $case: 'userChanged', value: { userId } },
        { $case: 'sessionEnded', value: { userId, sessionId: grant.sessionId, reason: 'logout' } },
      ]);
    });

    it('are told of again where the replica that ended them died before it told', async () => {
      const grant = await register(running, 'oleg');
      const seen = watch();
      await eventually(() => seen.heard.length === 1);
      await other.auth.logout({}, as(grant)); // shares no bus with the one that is watched
      expect(seen.ended).toEqual([]);
      await running.get(SessionsUpkeep).round();
      expect(seen.ended).toContainEqual({
        sessionId: grant.sessionId,
        userId: grant.user?.id,
        reason: 'logout',
      });
    });

    it('are over for a cache that the replica which ended them left stale, as soon as one is back', async () => {
      const keeping = as(await register(running, 'quentin'));
      const grant = await login(running, 'quentin');
      const validate = (): Promise<unknown> =>
        refusal(running.auth.validateSession({ accessToken: grant.accessToken }, keeping));
      expect(await validate()).toBe('accepted');
      await other.auth.logout({}, as(grant)); // its cache is another
      // as long as the cache may keep it
      advance(60_000);
      await running.get(SessionsUpkeep).round();
      expect(await validate()).toBe('session_ended: logout');
    });

    it('are told to have expired, and are removed when nobody asks for them any more', async () => {
      const grant = await register(running, 'petra');
      const seen = watch();
      advance(31 * DAY_MS);
      await running.get(SessionsUpkeep).round();
      expect(seen.ended.filter((s) => s.sessionId === grant.sessionId).map((s) => s.reason)).toContain(
        'expired',
      );
      const kept = (): Promise<unknown[]> =>
        running.database.query('SELECT id FROM auth.sessions WHERE id = $1', [grant.sessionId]);
      expect(await kept()).toHaveLength(1);
      advance(8 * DAY_MS);
      await running.get(SessionsUpkeep).round();
      expect(await kept()).toEqual([]);
      expect(await refusal(refresh(running, grant))).toBe('invalid_token');
      expect((await login(running, 'petra', { password })).user?.username).toBe('petra');
    });
  });
});
