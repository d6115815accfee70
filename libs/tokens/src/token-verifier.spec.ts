import { Logger } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import type { UserPrincipal } from '@veche/access';
import { Config } from '@veche/config';
import { type AUTH, Role, WatchSessionsResponse } from '@veche/contracts';
import { AppError } from '@veche/errors';
import type { Client } from '@veche/rpc';
import fc from 'fast-check';
import { generateKeyPairSync } from 'node:crypto';
import { Observable, Subject } from 'rxjs';
import { ISSUER } from './access-token';
import { TokenVerifier } from './token-verifier';

type AuthClient = Client<typeof AUTH.definition>;

const jwt = new JwtService({});
const makeKey = (kid: string) => ({ kid, ...generateKeyPairSync('ec', { namedCurve: 'P-256' }) });
const codeOf = (error: unknown): string => (error instanceof AppError ? error.code : String(error));
const failing = (work: Promise<unknown>): Promise<string> => work.then(() => 'accepted', codeOf);

/** Stands in for auth: counts what it is asked, and can be out of reach. */
class ScriptedAuth {
  reachable = true;
  keys = [makeKey('first')];
  role = Role.USER;
  readonly asked = { keys: 0, sessions: 0, checks: [] as string[][] };
  readonly dead = new Map<string, string>();
  stream = new Subject<WatchSessionsResponse>();
  /** Runs while an answer about a session is on its way. */
  meanwhile: () => void = () => undefined;

  token(sid: string, { key = this.keys[0], aud = 'veche' } = {}): string {
    const iat = Math.floor(Date.now() / 1000);
    return jwt.sign(
      { sub: 'user-1', sid, aud, iss: ISSUER, iat, exp: iat + 900 },
      {
        algorithm: 'ES256',
        privateKey: key?.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
        keyid: key?.kid,
      },
    );
  }

  readonly client = {
    getKeys: async () => {
      this.asked.keys++;
      this.assertReachable();
      const keys = this.keys.map(({ kid, publicKey }) => ({ ...publicKey.export({ format: 'jwk' }), kid }));
      return { jwks: JSON.stringify({ keys }), issuers: [] };
    },
    validateSession: async ({ accessToken }: { accessToken: string }) => {
      this.asked.sessions++;
      this.assertReachable();
      const { sid, sub, aud, exp } = jwt.decode<{ sid: string; sub: string; aud: string; exp: number }>(
        accessToken,
      );
      const reason = this.dead.get(sid);
      if (reason) throw new AppError('session_ended', { detail: reason });
      const answer = {
        sessionId: sid,
        userId: sub,
        role: this.role,
        appId: aud,
        expiresAt: new Date(exp * 1000),
      };
      this.meanwhile();
      return answer;
    },
    checkSessions: async ({ sessionIds }: { sessionIds: string[] }) => {
      this.asked.checks.push(sessionIds);
      this.assertReachable();
      return {
        ended: sessionIds.flatMap((sessionId) => {
          const reason = this.dead.get(sessionId);
          return reason ? [{ sessionId, userId: 'user-1', reason }] : [];
        }),
      };
    },
    watchSessions: () =>
      new Observable<WatchSessionsResponse>((observer) => {
        if (!this.reachable) return observer.error(new AppError('unavailable'));
        observer.add(this.stream.subscribe(observer));
        observer.next({ body: { $case: 'resync', value: {} } });
      }),
  } as Partial<AuthClient> as AuthClient;

  ended(sessionId: string, reason: string): void {
    this.stream.next({ body: { $case: 'sessionEnded', value: { sessionId, userId: 'user-1', reason } } });
  }

  userChanged(userId: string): void {
    this.stream.next({ body: { $case: 'userChanged', value: { userId } } });
  }

  fall(): void {
    this.reachable = false;
    const broken = this.stream;
    this.stream = new Subject();
    broken.error(new AppError('unavailable'));
  }

  private assertReachable(): void {
    if (!this.reachable) throw new AppError('unavailable');
  }
}

describe('a verifier of access tokens', () => {
  let auth: ScriptedAuth;
  let verifier: TokenVerifier;
  beforeAll(() => Logger.overrideLogger(false));
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
    auth = new ScriptedAuth();
    verifier = new TokenVerifier(auth.client, new Config());
    verifier.onApplicationBootstrap();
  });
  afterEach(() => {
    verifier.onModuleDestroy();
    jest.useRealTimers();
  });

  /** What becomes of somebody who holds a stream open. */
  const hold = (principal: UserPrincipal): { end?: AppError } => {
    const held: { end?: AppError } = {};
    verifier.hold({ principal, end: (error) => (held.end = error) });
    return held;
  };

  it('asks auth once for a token, however many callers show it at once', async () => {
    const token = auth.token('s1');
    const all = await Promise.all([1, 2, 3].map(() => verifier.authenticateUser(token)));
    expect(await verifier.authenticateUser(token)).toEqual({
      kind: 'user',
      userId: 'user-1',
      sessionId: 's1',
      role: 'user',
      appId: 'veche',
      expiresAt: all[0]?.expiresAt,
    });
    expect(auth.asked).toMatchObject({ keys: 1, sessions: 1 });
  });

  it('lets go of what a key has signed that auth publishes no more, within a minute', async () => {
    const [old, next] = [auth.keys[0], makeKey('next')];
    const [token, renewed] = [auth.token('s1'), auth.token('s1', { key: next })];
    const held = hold(await verifier.authenticateUser(token));
    auth.keys = [next, ...auth.keys];
    await jest.advanceTimersByTimeAsync(61_000);
    const other = hold(await verifier.authenticateUser(renewed));
    expect((await verifier.authenticateUser(token)).sessionId).toBe('s1');
    expect(auth.keys).toContain(old);
    expect(held.end).toBeUndefined();

    auth.keys = [next];
    await jest.advanceTimersByTimeAsync(60_000);
    expect(held.end?.code).toBe('token_expired');
    expect(await failing(verifier.authenticateUser(token))).toBe('invalid_token');
    expect(other.end).toBeUndefined();
    expect((await verifier.authenticateUser(renewed)).sessionId).toBe('s1');
  });

  it('refuses what no key of ours has signed for us without asking about a session', async () => {
    expect(await failing(verifier.authenticateUser(auth.token('s1', { key: makeKey('first') })))).toBe(
      'invalid_token',
    );
    expect(await failing(verifier.authenticateUser(auth.token('s1', { aud: 'elsewhere' })))).toBe(
      'invalid_token',
    );
    expect(await failing(verifier.authenticateUser('nonsense'))).toBe('invalid_token');
    expect(auth.asked.sessions).toBe(0);
  });

  it('finds a new key, and is not driven to ask for keys by made-up key ids', async () => {
    await verifier.authenticateUser(auth.token('s1'));
    for (let i = 0; i < 10; i++)
      expect(
        await failing(verifier.authenticateUser(auth.token('s1', { key: makeKey(`made-up-${i}`) }))),
      ).toBe('invalid_token');
    expect(auth.asked.keys).toBe(1);

    auth.keys = [makeKey('second')];
    await jest.advanceTimersByTimeAsync(5_000);
    expect((await verifier.authenticateUser(auth.token('s2'))).sessionId).toBe('s2');
    expect(auth.asked.keys).toBe(2);
  });

  it('forgets a token when its session ends, and closes at once what the session holds open', async () => {
    const token = auth.token('s1');
    const other = hold(await verifier.authenticateUser(auth.token('s2')));
    const principal = await verifier.authenticateUser(token);
    const held = hold(principal);
    auth.ended('s1', 'logout');
    expect(held.end).toMatchObject({ code: 'session_ended', data: { detail: 'logout' } });
    expect(other.end).toBeUndefined();
    expect(hold(principal).end).toMatchObject({ code: 'session_ended' });
    // even if a stale cache in auth still takes the session for alive
    expect(await failing(verifier.authenticateUser(token))).toBe('session_ended');
  });

  it('believes the end of a session that comes while auth still says it is alive', async () => {
    auth.meanwhile = () => auth.ended('s1', 'logout');
    expect(await failing(verifier.authenticateUser(auth.token('s1')))).toBe('session_ended');
  });

  it('looks a changed user up again, also when the change comes while the old answer is on its way', async () => {
    const token = auth.token('s1');
    await verifier.authenticateUser(token);
    auth.role = Role.MODERATOR;
    auth.userChanged('user-2');
    expect((await verifier.authenticateUser(token)).role).toBe('user');

    auth.userChanged('user-1');
    auth.meanwhile = () => {
      auth.role = Role.ADMIN;
      auth.meanwhile = () => undefined;
      auth.userChanged('user-1');
    };
    expect((await verifier.authenticateUser(token)).role).toBe('moderator');
    expect((await verifier.authenticateUser(token)).role).toBe('admin');
  });

  it('keeps an answer that comes while others log out and are changed', async () => {
    const token = auth.token('s1');
    auth.meanwhile = () => {
      auth.ended('s2', 'logout');
      auth.userChanged('user-2');
    };
    await verifier.authenticateUser(token);
    await verifier.authenticateUser(token);
    expect(auth.asked.sessions).toBe(1);
  });

  it('ends what is held open when the access token expires, and refuses the token from then on', async () => {
    const token = auth.token('s1');
    const principal = await verifier.authenticateUser(token);
    const held = hold(principal);
    await jest.advanceTimersByTimeAsync(principal.expiresAt - Date.now() - 1);
    expect(held.end).toBeUndefined();
    await verifier.authenticateUser(token);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(held.end).toMatchObject({ code: 'token_expired' });
    expect(await failing(verifier.authenticateUser(token))).toBe('token_expired');
  });

  it('trusts what it has verified for thirty seconds without auth, and nothing that it sees first', async () => {
    const token = auth.token('s1');
    await verifier.authenticateUser(token);
    auth.fall();
    await jest.advanceTimersByTimeAsync(30_000);
    expect(await failing(verifier.authenticateUser(token))).toBe('accepted');
    expect(await failing(verifier.authenticateUser(auth.token('s2')))).toBe('unavailable');
    await jest.advanceTimersByTimeAsync(1_000);
    expect(await failing(verifier.authenticateUser(token))).toBe('unavailable');
  });

  it('learns after a pause what ended in it', async () => {
    const tokens = ['s1', 's2'].map((sid) => auth.token(sid));
    const held = (await Promise.all(tokens.map((token) => verifier.authenticateUser(token)))).map(hold);
    auth.fall();
    await jest.advanceTimersByTimeAsync(1_000);
    auth.dead.set('s1', 'password_changed');
    auth.reachable = true;
    await jest.advanceTimersByTimeAsync(5_000);
    expect(auth.asked.checks).toEqual([['s1', 's2']]);
    expect(held.map(({ end }) => end?.data.detail)).toEqual(['password_changed', undefined]);
    expect(await Promise.all(tokens.map((token) => failing(verifier.authenticateUser(token))))).toEqual([
      'session_ended',
      'accepted',
    ]);
  });

  it('goes on whatever auth says on its stream', async () => {
    const held = hold(await verifier.authenticateUser(auth.token('s1')));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        let message: WatchSessionsResponse;
        try {
          message = WatchSessionsResponse.decode(bytes);
        } catch {
          return;
        }
        auth.stream.next(message);
      }),
    );
    auth.ended('s1', 'logout');
    expect(held.end).toMatchObject({ code: 'session_ended', data: { detail: 'logout' } });
  });

  it('asks auth about very many sessions in several calls', async () => {
    const principal = await verifier.authenticateUser(auth.token('s1'));
    for (let i = 0; i < 1_001; i++) hold({ ...principal, sessionId: `many-${i}` });
    auth.fall();
    auth.reachable = true;
    await jest.advanceTimersByTimeAsync(5_000);
    expect(auth.asked.checks.map((ids) => ids.length)).toEqual([1_000, 1]);
  });
});

describe('tokens that a shared secret signs', () => {
  const secret = 'a secret of thirty-two characters';
  const tokenOf = (sid: string): string => {
    const iat = Math.floor(Date.now() / 1000);
    const claims = { sub: 'user-1', sid, aud: 'veche', iss: ISSUER, iat, exp: iat + 900 };
    return jwt.sign(claims, { algorithm: 'HS256', secret });
  };
  const compose = (given: Partial<Config>, maxVerified?: number) => {
    const auth = new ScriptedAuth();
    const client = { ...auth.client, getKeys: async () => ({ issuers: [], jwks: '{"keys":[]}' }) };
    return { auth, verifier: new TokenVerifier(client, Object.assign(new Config(), given), maxVerified) };
  };

  test('are verified with the secret of this process', async () => {
    const verify = (given: Partial<Config>) => compose(given).verifier.authenticateUser(tokenOf('s1'));
    expect((await verify({ JWT_SECRET: secret })).userId).toBe('user-1');
    expect(await failing(verify({ JWT_SECRET: `${secret}!` }))).toBe('invalid_token');
    expect(await failing(verify({}))).toBe('unavailable');
  });

  test('are asked about once, and now and then again where one more is shown in turn than can be remembered', async () => {
    const { auth, verifier } = compose({ JWT_SECRET: secret }, 500);
    const tokens = Array.from({ length: 501 }, (_, i) => tokenOf(`s${i}`));
    const round = async (): Promise<number> => {
      const before = auth.asked.sessions;
      for (const token of tokens) await verifier.authenticateUser(token);
      return auth.asked.sessions - before;
    };
    expect(await round()).toBe(501);
    expect((await round()) + (await round())).toBeLessThan(50);
  });
});
