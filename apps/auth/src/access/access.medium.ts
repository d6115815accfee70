import { Role } from '@veche/contracts';
import { testDatabaseUrl, type TestDatabaseUrl } from '@veche/testing';
import { anonymous, as, composeAuth, refusal, register, type RunningAuth } from '../../test/replica';

describe('the rights of a caller', () => {
  let database: TestDatabaseUrl;
  let running: RunningAuth;
  beforeAll(async () => {
    database = await testDatabaseUrl();
    running = await composeAuth(database.url);
  });
  afterAll(async () => {
    await running.close();
    await database.drop();
  });

  it('are told by the name of a permission', async () => {
    const admin = as(await register(running, 'anna'));
    const user = as(await register(running, 'boris'));
    const check = (permission: string, caller = user) => running.access.check({ permission }, caller);
    expect(await check('rooms.moderate', admin)).toEqual({ allowed: true, role: Role.ADMIN });
    expect(await check('rooms.moderate')).toEqual({ allowed: false, role: Role.USER });
    expect(await check('rooms.create')).toEqual({ allowed: true, role: Role.USER });
    expect(await check('rooms.create', anonymous)).toEqual({ allowed: false, role: Role.UNSPECIFIED });
    for (const unknown of ['rooms.fly', 'public', 'service', 'toString'])
      expect(await refusal(check(unknown))).toBe('invalid_input: permission');
  });
});
