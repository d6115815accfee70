import { testDatabaseUrl, type TestDatabaseUrl } from '@veche/testing';
import { Role } from '@veche/contracts';
import {
  as,
  composeAuth,
  forgetEverybody,
  password,
  refusal,
  register,
  type RunningAuth,
  SetClock,
} from '../../test/replica';
import { DeletionsUpkeep } from '../deletion/deletions.upkeep';

const DAY_MS = 86_400_000;

describe('a username', () => {
  let database: TestDatabaseUrl;
  let running: RunningAuth;
  const clock = new SetClock();
  let keeper: ReturnType<typeof as>;
  beforeAll(async () => {
    database = await testDatabaseUrl();
    // tokens of tests that set the clock forward are to be good all the while
    running = await composeAuth(
      database.url,
      {
        FORMER_USERNAME_TTL: (30 * DAY_MS) / 1000,
        ACCESS_TOKEN_TTL: 366 * 86_400,
        REFRESH_TOKEN_TTL: 366 * 86_400,
      },
      { clock },
    );
  });
  beforeEach(async () => {
    await forgetEverybody(running);
    keeper = as(await register(running, 'admin'));
  });
  afterAll(async () => {
    await running.close();
    await database.drop();
  });

  const rename = (grant: Parameters<typeof as>[0], username: string): Promise<unknown> =>
    refusal(running.users.updateOwnUser({ username }, as(grant)));

  it.each([
    ['olga', 'OLGA'],
    ['olga1', 'olgal'],
    ['bob0', 'bobo'],
    ['Ilya', 'llya'],
    ['tim', 'tirn'],
  ])('that is taken is taken for what looks like it: %s, %s', async (taken, wanted) => {
    await register(running, taken);
    const other = await register(running, 'boris');
    expect(await refusal(register(running, wanted))).toBe('username_taken');
    expect(await rename(other, wanted)).toBe('username_taken');
    const account = { username: wanted, email: 'new@example.org', password };
    expect(await refusal(running.users.createUser(account, keeper))).toBe('username_taken');
    expect(await refusal(register(running, `${wanted}x`))).toBe('accepted');
  });

  it('is had by one of those who ask for what looks the same at once', async () => {
    const answers = await Promise.all(
      ['tim', 'tirn', 'TIM', 'Tirn'].map((name, i) =>
        refusal(register(running, name, { email: `${i}@example.org` })),
      ),
    );
    expect(answers.sort()).toEqual(['accepted', 'username_taken', 'username_taken', 'username_taken']);
  });

  it('that speaks for the server is given by its keepers alone', async () => {
    const boris = await register(running, 'boris');
    for (const name of ['support', 'Sys-tem', 'admin2', 'adrnin', 'here', 'room']) {
      expect([name, await refusal(register(running, name))]).toEqual([
        name,
        name === 'adrnin' ? 'username_taken' : 'username_taken: This username is reserved',
      ]);
      expect([name, await rename(boris, name)]).toEqual([name, 'username_taken: This username is reserved']);
    }
    const account = { username: 'support', email: 'support@example.org', password, role: Role.MODERATOR };
    const made = await running.users.createUser(account, keeper);
    expect(made.account?.user?.username).toBe('support');
    // and who has such a name may change how it is written
    expect(await refusal(running.users.updateOwnUser({ username: 'Admin' }, keeper))).toBe('accepted');
    expect(await refusal(running.users.updateOwnUser({ username: 'root' }, keeper))).toBe(
      'username_taken: This username is reserved',
    );
  });

  it('that was given up is kept for a while for who had it', async () => {
    const [olga, boris] = [await register(running, 'olga'), await register(running, 'boris')];
    expect(await rename(olga, 'olga-new')).toBe('accepted');
    expect(await rename(boris, 'olga')).toBe('username_taken');
    expect(await refusal(register(running, 'O1ga'))).toBe('username_taken');
    expect(await rename(olga, 'Olga')).toBe('accepted');
    expect(await rename(olga, 'olga-new')).toBe('accepted');
    clock.advance(29 * DAY_MS);
    expect(await rename(boris, 'olga')).toBe('username_taken');
    clock.advance(2 * DAY_MS);
    expect(await rename(boris, 'olga')).toBe('accepted');
    expect(await rename(olga, 'olga')).toBe('username_taken');
  });

  it("of an account that is gone is nobody else's for as long, and then nothing is left of it", async () => {
    const olga = await register(running, 'olga');
    await running.users.deleteOwnUser({ password }, as(olga));
    expect(await refusal(register(running, 'olga'))).toBe('username_taken');
    clock.advance(31 * DAY_MS);
    await running.get(DeletionsUpkeep).round();
    expect(
      await running.database.query('SELECT FROM auth.username_looks WHERE user_id = $1', [olga.user?.id]),
    ).toEqual([]);
    expect(await refusal(register(running, 'olga'))).toBe('accepted');
  });

  it('is not gathered: of those that one gives up, the last three are kept', async () => {
    const olga = await register(running, 'name1x');
    for (const i of [2, 3, 4, 5, 6]) {
      clock.advance(1000);
      expect(await rename(olga, `name${i}x`)).toBe('accepted');
    }
    const answers = [];
    for (const i of [1, 2, 3, 4, 5])
      answers.push(await refusal(register(running, `name${i}x`, { email: `${i}@example.org` })));
    expect(answers).toEqual(['accepted', 'accepted', 'username_taken', 'username_taken', 'username_taken']);
  });

  it('may be swapped by two at once, and then one of them has been too early', async () => {
    const [anna, boris] = [await register(running, 'anna'), await register(running, 'boris')];
    const answers = await Promise.all([rename(anna, 'boris'), rename(boris, 'anna')]);
    expect(answers).toEqual(['username_taken', 'username_taken']);
  });
});
