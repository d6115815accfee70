import type { Grant, SessionEnded, WatchSessionsResponse } from '@veche/contracts';
import type { AppError } from '@veche/errors';
import { eventually, testDatabaseUrl, type TestDatabaseUrl } from '@veche/testing';
import { v7 as uuid } from 'uuid';
import {
  anonymous,
  as,
  composeAuth,
  KeyedDevice,
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
    it('give several tabs that renew at once, at several replicas, the same token, which works', async () => {
      const grant = await register(running, 'anna');
      const tabs = await Promise.all(
        [running, other, running, other].map((replica) => refresh(replica, grant)),
      );
      const tokens = new Set(tabs.map((tab) => tab.refreshToken));
      expect(tokens.size).toBe(1);
      expect(tokens).not.toContain(grant.refreshToken);
      for (const tab of tabs) {
        expect(tab.sessionId).toBe(grant.sessionId);
        expect((await running.authenticator.authenticateUser(tab.accessToken)).sessionId).toBe(
          grant.sessionId,
        );
      }
      advance(60_000);
      expect((await refresh(running, tabs[0] ?? grant)).sessionId).toBe(grant.sessionId);
    });

    it('answer once more within ten seconds, also where the answer has arrived elsewhere', async () => {
      const grant = await register(running, 'boris');
      const first = await refresh(running, grant);
      await other.authenticator.authenticateUser(first.accessToken);
      advance(10_000);
      expect((await refresh(running, grant)).refreshToken).toBe(first.refreshToken);
      advance(1);
      expect(await refusal(refresh(running, grant))).toBe('session_ended: token_reused');
    });

    it('answer a lost answer however late, and two tabs that wake up at once, until one arrives', async () => {
      const grant = await register(running, 'late');
      const lost = await refresh(running, grant);
      advance(DAY_MS);
      expect((await refresh(other, grant)).refreshToken).toBe(lost.refreshToken);
      advance(DAY_MS);
      const arrived = await refresh(running, grant);
      await running.authenticator.authenticateUser(arrived.accessToken);
      const tab = await refresh(other, grant);
      expect([arrived.refreshToken, tab.refreshToken]).toEqual([lost.refreshToken, lost.refreshToken]);
      advance(10_001);
      expect(await refusal(refresh(other, grant))).toBe('session_ended: token_reused');
      expect(await refusal(refresh(running, arrived))).toBe('session_ended: token_reused');
    });

    it('take the access tokens of an answer that is said to be lost from who has it all the same', async () => {
      const stolen = await register(running, 'mila');
      const thief = await refresh(running, stolen);
      advance(60_000);
      const owner = await refresh(running, stolen);
      expect(await refusal(running.authenticator.authenticateUser(thief.accessToken))).toBe('token_expired');
      expect(await refusal(running.authenticator.authenticateUser(owner.accessToken))).toBe('accepted');
    });

    it('end when a thief and their owner both go on, whoever of them is first', async () => {
      for (const name of ['gleb', 'hanna']) {
        const stolen = await register(running, name);
        const first = await refresh(running, stolen);
        await running.authenticator.authenticateUser(first.accessToken);
        advance(60_000);
        expect(await refusal(refresh(other, stolen))).toBe('session_ended: token_reused');
        expect(await refusal(refresh(running, first))).toBe('session_ended: token_reused');
      }
    });

    it('end when an old refresh token is used later, for its thief and for its owner', async () => {
      const grant = await register(running, 'clara');
      const renewed = await refresh(running, grant);
      const principal = await running.authenticator.authenticateUser(renewed.accessToken);
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

    it('answer a slow tab with the newest token, although others have renewed twice meanwhile', async () => {
      const grant = await register(running, 'david');
      const second = await refresh(running, grant);
      const third = await refresh(running, second);
      expect((await refresh(other, grant)).refreshToken).toBe(third.refreshToken);
      advance(10_001);
      expect(await refusal(refresh(running, grant))).toBe('session_ended: token_reused');
    });

    it('keep one row, however often they are renewed', async () => {
      const grant = await register(running, 'igor');
      let newest = grant;
      for (let i = 0; i < 50; i++) newest = await refresh(i % 2 ? running : other, newest);
      for (let i = 0; i < 50; i++) await refresh(running, grant).catch(() => undefined);
      const tables = await running.database.query(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'auth'::regnamespace ORDER BY relname",
      );
      expect(tables.map(({ relname }) => relname)).not.toContain('refresh_tokens');
      const [kept] = await running.database.query(
        'SELECT count(*)::int AS rows, max(pg_column_size(s.*))::int AS bytes FROM auth.sessions s WHERE id = $1',
        [grant.sessionId],
      );
      expect(kept).toMatchObject({ rows: 1 });
      expect(kept?.bytes).toBeLessThan(4_000);
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

  describe('bound to a key of their device', () => {
    const device = new KeyedDevice();
    const stranger = new KeyedDevice();
    const bound = (name: string): Promise<Grant> =>
      device.asks('register', (context) =>
        running.auth
          .register({ username: name, email: `${name}@example.org`, password }, context)
          .then(({ grant }) => grant ?? Promise.reject(new Error('no grant'))),
      );
    const renewed = (grant: Grant, by = device, at = running): Promise<Grant> =>
      by.asks('refresh', (context) => refresh(at, grant, context));

    it('are renewed by it alone: a stolen token is worth nothing, and does its owner no harm', async () => {
      const grant = await bound('rosa');
      for (const thief of [() => refresh(running, grant), () => renewed(grant, stranger)])
        expect(await refusal(thief())).toBe('invalid_proof');
      const next = await renewed(grant);
      expect(next.refreshToken).not.toBe(grant.refreshToken);
      for (const token of [grant, next]) expect(await refusal(refresh(other, token))).toBe('invalid_proof');
      expect((await renewed(next)).sessionId).toBe(grant.sessionId);
    });

    it('are ended by a refresh token of it alone: a thief logs nobody out', async () => {
      const grant = await bound('olympia');
      const { refreshToken } = grant;
      const logout = (by: KeyedDevice) =>
        by.asks('logout', (context) => running.auth.logout({ refreshToken }, context));
      for (const thief of [() => running.auth.logout({ refreshToken }, anonymous), () => logout(stranger)])
        expect(await refusal(thief())).toBe('invalid_proof');
      expect((await renewed(grant)).sessionId).toBe(grant.sessionId);
      await logout(device);
      expect(await refusal(renewed(grant))).toBe('session_ended: logout');
    });

    it('are renewed with any token that they ever had, however late and in however many tabs', async () => {
      const first = await bound('sofia');
      const second = await renewed(first);
      const third = await renewed(second, device, other);
      await running.authenticator.authenticateUser(third.accessToken);
      advance(DAY_MS);
      const tabs = await Promise.all([first, second, third, first].map((token) => renewed(token)));
      for (const tab of tabs) expect((await renewed(tab)).sessionId).toBe(first.sessionId);
    });

    it('are renewed by a device whose clock is wrong by years', async () => {
      const grant = await bound('tamara');
      advance(20 * DAY_MS);
      expect((await renewed(grant)).sessionId).toBe(grant.sessionId);
    });

    it('are renewed once by each proof: who sends the same again is asked for another', async () => {
      const grant = await bound('uliana');
      const { data } = (await device
        .proof('refresh')
        .then((context) => refresh(running, grant, context).catch((error: unknown) => error))) as AppError;
      const context = await device.proof('refresh', data.nonce);
      const next = await refresh(running, grant, context);
      for (const token of [grant, next])
        for (const replica of [running, other])
          expect(await refusal(refresh(replica, token, context))).toBe('stale_proof');
      expect((await renewed(next)).sessionId).toBe(grant.sessionId);
    });

    it('are not renewed by a proof that is old, for another operation, or no proof', async () => {
      const grant = await bound('varvara');
      const forLogin = await device.proof('login');
      for (const [proof, code] of [
        [forLogin.proof, 'invalid_proof'],
        ['', 'invalid_proof'],
        ['a.b.c', 'invalid_proof'],
        [`${forLogin.proof}x`, 'invalid_proof'],
        ['x'.repeat(5_000), 'invalid_proof'],
        [(await device.proof('refresh', 'made.up')).proof, 'stale_proof'],
      ] as const)
        expect(await refusal(refresh(running, grant, { ...anonymous, proof }))).toBe(code);
      const asked = (await refresh(running, grant, await device.proof('refresh', '0')).catch(
        (error: unknown) => error,
      )) as AppError;
      const late = await device.proof('refresh', asked.data.nonce);
      advance(120_001);
      expect(await refusal(refresh(running, grant, late))).toBe('stale_proof');
    });

    it('stay bound when the password changes', async () => {
      const grant = await bound('wanda');
      const changed = await running.auth.changePassword(
        { currentPassword: password, newPassword: 'a new password' },
        as(grant),
      );
      const next = changed.grant ?? grant;
      expect(await refusal(refresh(running, next))).toBe('invalid_proof');
      expect((await renewed(next)).sessionId).toBe(grant.sessionId);
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

    it('tell by the hour when they were last used', async () => {
      const grant = await register(running, 'jan');
      const { sessions } = await running.auth.listSessions({}, as(grant));
      expect(sessions[0]?.lastSeenAt?.toISOString()).toMatch(/:00:00\.000Z$/);
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
        body && (body.$case === 'resync' || ('userId' in body.value && body.value.userId === userId))
          ? [body]
          : [],
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
