import { testDatabaseUrl, type TestDatabaseUrl } from '@veche/testing';
import { setTimeout as pause } from 'node:timers/promises';
import { v7 as uuid } from 'uuid';
import { composeAuth, forgetEverybody, register, type RunningAuth } from '../../test/replica';
import { type NewUser, UsersRepository } from '../users/users.repository';

const newUser = (username: string): NewUser => ({
  id: uuid(),
  username,
  email: `${username}@example.org`,
  passwordHash: 'none',
  displayName: username,
  createdAt: new Date(),
  role: 'user',
});

describe('the first account', () => {
  let database: TestDatabaseUrl;
  let running: RunningAuth;
  beforeAll(async () => {
    database = await testDatabaseUrl();
    running = await composeAuth(database.url);
  });
  beforeEach(() => forgetEverybody(running));
  afterAll(async () => {
    await running.close();
    await database.drop();
  });

  /** Two registrations, the second of which is made while the first is not yet committed. */
  const race = async (commitFirst: boolean): Promise<string[]> => {
    const users = running.get(UsersRepository);
    let second: Promise<unknown> = Promise.resolve();
    await running.database
      .transaction(async (tx) => {
        await users.insert(tx, newUser('anna'));
        second = running.database.transaction((other) => users.insert(other, newUser('boris')));
        // long enough for the second to finish, were there nothing that it has to wait for
        await Promise.race([second, pause(200)]);
        if (!commitFirst) throw new Error('taken back');
      })
      .catch((error: Error) => expect(error.message).toBe('taken back'));
    await second;
    const rows = await running.database.query('SELECT username, role FROM auth.users ORDER BY username');
    return rows.map((row) => `${row.username}: ${row.role}`);
  };

  it('is the only admin of two that are made at once', async () => {
    expect(await race(true)).toEqual(['anna: admin', 'boris: user']);
  });

  it('is the next one when the one before it was not made after all', async () => {
    expect(await race(false)).toEqual(['boris: admin']);
  });

  it('is one of those that are registered at the same moment', async () => {
    const grants = await Promise.all(
      ['anna', 'boris', 'clara', 'david'].map((name) => register(running, name)),
    );
    expect(grants.map((g) => g.user?.role).sort()).toEqual([
      'ROLE_ADMIN',
      'ROLE_USER',
      'ROLE_USER',
      'ROLE_USER',
    ]);
  });
});
