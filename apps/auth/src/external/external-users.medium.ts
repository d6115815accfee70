import { Role } from '@veche/contracts';
import type { CallContext } from '@veche/rpc';
import { eventually, testDatabaseUrl, type TestDatabaseUrl } from '@veche/testing';
import fc from 'fast-check';
import {
  anonymous,
  as,
  composeAuth,
  login,
  refusal,
  register,
  type RunningAuth,
  SetClock,
} from '../../test/replica';
import { ApiKeysUpkeep } from '../api-keys/api-keys.upkeep';

describe('users of another product', () => {
  let database: TestDatabaseUrl;
  let running: RunningAuth;
  let admin: CallContext, key: CallContext;
  const clock = new SetClock();
  beforeAll(async () => {
    database = await testDatabaseUrl();
    running = await composeAuth(database.url, { REFRESH_TOKEN_TTL: 3_600, ACCESS_TOKEN_TTL: 900 }, { clock });
    admin = as(await register(running, 'anna'));
    const { secret } = await running.apiKeys.createApiKey(
      { name: 'shop', scopes: ['users.provision.admins'] },
      admin,
    );
    key = { ...anonymous, token: secret };
  });
  afterAll(async () => {
    await running.close();
    await database.drop();
  });

  it('are one account each, whatever servers do at once and in whatever order', async () => {
    let round = 0;
    const action = fc.record({
      who: fc.integer({ min: 0, max: 1 }),
      what: fc.constantFrom('upsert', 'rename', 'token', 'sessions', 'delete', 'admin deletes'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 2, maxLength: 12 }), async (actions) => {
        const prefix = `round${round++}`;
        const answers = await Promise.all(
          actions.map(async ({ who, what }, i) => {
            const externalId = `${prefix}-${who}`;
            const done = async (): Promise<unknown> => {
              if (what === 'upsert')
                return running.external.upsertExternalUser({ externalId, displayName: 'Same' }, key);
              if (what === 'rename')
                return running.external.upsertExternalUser({ externalId, username: `${prefix}x${i}` }, key);
              if (what === 'token') return running.external.issueExternalToken({ externalId }, key);
              if (what === 'sessions') return running.external.endExternalSessions({ externalId }, key);
              if (what === 'delete') return running.external.deleteExternalUser({ externalId }, key);
              const [row] = await running.database.query<{ id: string | null }>(
                'SELECT user_id AS id FROM auth.external_users WHERE external_id = $1',
                [externalId],
              );
              return row?.id && running.users.deleteUser({ id: row.id }, admin);
            };
            return refusal(done());
          }),
        );
        expect(answers.filter((answer) => answer !== 'accepted' && answer !== 'user_not_found')).toEqual([]);
        const { user: again } = await running.external.upsertExternalUser({ externalId: `${prefix}-0` }, key);
        const { user } = await running.external.upsertExternalUser({ externalId: `${prefix}-0` }, key);
        expect(user?.id).toBe(again?.id);
        const [left] = await running.database.query<{ orphans: number; twice: number }>(
          `SELECT (SELECT count(*)::int FROM auth.users WHERE password_hash IS NULL AND id NOT IN
                    (SELECT user_id FROM auth.external_users WHERE user_id IS NOT NULL)) AS orphans,
             (SELECT count(*)::int FROM (SELECT FROM auth.sessions WHERE ended_at IS NULL AND issued_by IS NOT NULL
                GROUP BY user_id, issued_by HAVING count(*) > 1) AS more) AS twice`,
        );
        expect(left).toEqual({ orphans: 0, twice: 0 });
      }),
      { numRuns: 25 },
    );
  });

  it('have one session, which goes on with each token and never comes back', async () => {
    const externalId = 'lasting';
    await running.external.upsertExternalUser({ externalId }, key);
    const token = async (): Promise<string> =>
      (await running.external.issueExternalToken({ externalId }, key)).accessToken;
    const session = async (accessToken: string): Promise<string> =>
      (await running.auth.validateSession({ accessToken }, anonymous)).sessionId;
    const first = await token();
    const id = await session(first);
    clock.advance(3_000_000);
    const second = await token();
    expect(await session(second)).toBe(id);
    expect(await refusal(session(first))).toBe('token_expired');
    clock.advance(3_700_000);
    const third = await token();
    expect(await session(third)).not.toBe(id);
    const sessions = await running.auth.listSessions({}, { ...anonymous, token: third });
    expect(sessions.sessions).toHaveLength(1);
  });

  it('are never the first account, who would be the admin', async () => {
    const other = await testDatabaseUrl();
    const empty = await composeAuth(other.url);
    try {
      await empty.database.query(
        `INSERT INTO auth.api_keys SELECT gen_random_uuid(), 'k', ARRAY['users.provision'], 'vk_', sha256($1::bytea), NULL, NULL,
           now(), NULL, NULL, now(), NULL`,
        [Buffer.from(key.token ?? '')],
      );
      const { user } = await empty.external.upsertExternalUser(
        { externalId: '1', displayName: 'First' },
        key,
      );
      const grant = await register(empty, 'boris');
      expect([user?.role, grant.user?.role]).toEqual([Role.USER, Role.ADMIN]);
    } finally {
      await empty.close();
      await other.drop();
    }
  });

  it('leave nothing of themselves but that they are gone', async () => {
    const externalId = 'leaving';
    await running.external.upsertExternalUser({ externalId, displayName: 'Leaving' }, key);
    await running.external.deleteExternalUser({ externalId }, key);
    const rows = await running.database.query(
      'SELECT user_id, told, gone_at IS NOT NULL AS gone FROM auth.external_users WHERE external_id = $1',
      [externalId],
    );
    expect(rows).toEqual([{ user_id: null, told: null, gone: true }]);
  });

  it('an end of a key is told again, for a process that died before it told', async () => {
    const { secret, key: made } = await running.apiKeys.createApiKey(
      { name: 'x', scopes: ['users.read'] },
      as(await login(running, 'anna')),
    );
    await running.authenticator.authenticate(secret);
    // as it is where a process dies right after its commit
    await running.database.query('UPDATE auth.api_keys SET revoked_at = $2, changed_at = $2 WHERE id = $1', [
      made?.id,
      clock.now(),
    ]);
    await running.get(ApiKeysUpkeep).round();
    await eventually(
      async () => (await refusal(running.authenticator.authenticate(secret))) === 'invalid_token',
    );
  });
});
