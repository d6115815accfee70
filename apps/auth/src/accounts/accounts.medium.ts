import { testDatabaseUrl, type TestDatabaseUrl } from '@veche/testing';
import { composeAuth, register, type RunningAuth } from '../../test/replica';

describe('registering', () => {
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

  it('makes exactly one admin of those who register first at the same moment', async () => {
    const names = ['anna', 'boris', 'clara', 'david'];
    const grants = await Promise.all(names.map((name) => register(running, name)));
    expect(grants.map((g) => g.user?.role).sort()).toEqual([
      'ROLE_ADMIN',
      'ROLE_USER',
      'ROLE_USER',
      'ROLE_USER',
    ]);
  });
});
