import type { Grant } from '@veche/contracts';
import { AppError } from '@veche/errors';
import type { CallContext } from '@veche/rpc';
import { describeWithRedis, startRedis, testDatabaseUrl, type TestDatabaseUrl } from '@veche/testing';
import {
  anonymous,
  as,
  composeAuth,
  forgetEverybody,
  KeyedDevice,
  login,
  password,
  refusal,
  register,
  type RunningAuth,
  SetClock,
} from '../../test/replica';

const from = (clientIp: string): CallContext => ({ ...anonymous, clientIp });
const HOME = '192.0.2.1';
const somewhere = (i: number): CallContext => from(`203.0.113.${i}`);

const guess = (at: RunningAuth, name: string, context: CallContext): Promise<unknown> =>
  refusal(at.auth.login({ login: name, password: 'not that one' }, context));

/** Guesses until it is refused. @returns how often it was tried */
const guessAll = async (
  at: RunningAuth,
  name: (i: number) => string,
  context: (i: number) => CallContext,
): Promise<number> => {
  for (let i = 0; i < 100; i++) if ((await guess(at, name(i), context(i))) === 'rate_limited') return i;
  return 100;
};

describe('guessing passwords', () => {
  let database: TestDatabaseUrl;
  let running: RunningAuth;
  const clock = new SetClock();
  const device = new KeyedDevice();
  const loginFrom = (name: string, context: CallContext): Promise<Grant> => login(running, name, {}, context);
  beforeAll(async () => {
    database = await testDatabaseUrl();
    running = await composeAuth(database.url, { AUTH_RATE_LIMIT: 30 }, { clock });
  });
  afterAll(async () => {
    await running.close();
    await database.drop();
  });
  beforeEach(async () => {
    await forgetEverybody(running);
    // what was spent is there again
    clock.advance(3_600_000);
    for (const name of ['anna', 'boris']) await register(running, name);
  });

  test('of an account ends, from however many networks, and begins again slowly', async () => {
    expect(await guessAll(running, () => 'anna', somewhere)).toBe(20);
    const refused = await running.auth
      .login({ login: 'anna', password }, somewhere(99))
      .catch((e: unknown) => e);
    expect(refused).toBeInstanceOf(AppError);
    expect((refused as AppError).data.retryAfter).toBe(60);
    clock.advance(60_000);
    expect(await guessAll(running, () => 'anna', somewhere)).toBe(1);
  });

  test('shuts its owner out neither at home nor with the device that they had', async () => {
    await loginFrom('anna', from(HOME));
    await device.asks('login', (context) => loginFrom('anna', { ...context, clientIp: HOME }));
    await guessAll(running, () => 'anna', somewhere);
    expect(await refusal(loginFrom('anna', from(HOME)))).toBe('accepted');
    const abroad = device.asks('login', (context) =>
      loginFrom('anna', { ...context, clientIp: '198.51.100.7' }),
    );
    expect(await refusal(abroad)).toBe('accepted');
    // who guesses at home ends as well, and the device goes on
    expect(
      await guessAll(
        running,
        () => 'anna',
        () => from(HOME),
      ),
    ).toBe(10);
    const athome = device.asks('login', (context) => loginFrom('anna', { ...context, clientIp: HOME }));
    expect(await refusal(athome)).toBe('accepted');
  });

  test('of one account in an office leaves the others of it alone', async () => {
    const office = from('198.51.100.1');
    expect(
      await guessAll(
        running,
        () => 'anna',
        () => office,
      ),
    ).toBe(20);
    expect(await refusal(loginFrom('boris', office))).toBe('accepted');
  });

  test('of many accounts ends for the network, and not for those who have logged in from there', async () => {
    const office = from('198.51.100.1');
    await loginFrom('boris', office);
    expect(
      await guessAll(
        running,
        (i) => `nobody${i}`,
        () => office,
      ),
    ).toBe(30);
    expect(await refusal(loginFrom('anna', office))).toBe('rate_limited');
    expect(await refusal(loginFrom('boris', office))).toBe('accepted');
    expect(await refusal(loginFrom('anna', somewhere(1)))).toBe('accepted');
  });

  test('is the same where there is no account', async () => {
    expect(await guessAll(running, () => 'nobody', somewhere)).toBe(20);
  });

  test('costs nothing where it is no guess, and ends of many at once as of one after the other', async () => {
    for (let i = 0; i < 35; i++) await loginFrom('anna', from('198.51.100.1'));
    const many = await Promise.all(
      Array.from({ length: 30 }, (_, i) => guess(running, 'anna', somewhere(i))),
    );
    expect(many.filter((answer) => answer === 'invalid_credentials')).toHaveLength(20);
  });

  test('by a session that somebody stole ends for that session', async () => {
    const [stolen, own] = [await loginFrom('anna', from(HOME)), await loginFrom('anna', from(HOME))];
    const change = (grant: Grant, currentPassword: string): Promise<unknown> =>
      refusal(
        running.auth.changePassword({ currentPassword, newPassword: 'staple and all of it' }, as(grant)),
      );
    const codes: unknown[] = [];
    for (let i = 0; i < 11; i++) codes.push(await change(stolen, `guess ${i}`));
    expect(codes.at(-2)).toBe('invalid_credentials');
    expect(codes.at(-1)).toBe('rate_limited');
    expect(await change(own, password)).toBe('accepted');
  });

  test('by making accounts is bounded for a network', async () => {
    const make = (i: number, context: CallContext): Promise<unknown> =>
      refusal(
        running.auth.register({ username: `new${i}`, email: `new${i}@example.org`, password }, context),
      );
    for (let i = 0; i < 30; i++) expect(await make(i, from(HOME))).toBe('accepted');
    expect(await make(30, from(HOME))).toBe('rate_limited');
    expect(await make(31, somewhere(1))).toBe('accepted');
  });
});

describeWithRedis('guessing passwords at two replicas', () => {
  test('is counted together, and by each for itself while Redis is away', async () => {
    const [database, redis, clock] = [await testDatabaseUrl(), await startRedis(), new SetClock()];
    const settings = { REDIS_URL: redis.url, JWT_SECRET: 'a secret of thirty-two characters' };
    const one = await composeAuth(database.url, settings, { clock });
    const two = await composeAuth(database.url, settings, { clock });
    try {
      await register(one, 'anna');
      await register(one, 'boris');
      let tried = 0;
      for (let i = 0; i < 40; i++)
        if ((await guess(i % 2 === 0 ? one : two, 'anna', somewhere(i))) !== 'rate_limited') tried++;
      expect(tried).toBe(20);
      await redis.stop();
      expect(await guessAll(one, () => 'boris', somewhere)).toBe(20);
      // half of what was tried at both was tried here
      expect(await guessAll(one, () => 'anna', somewhere)).toBe(10);
    } finally {
      await two.close();
      await one.close();
      await redis.close();
      await database.drop();
    }
  });
});
